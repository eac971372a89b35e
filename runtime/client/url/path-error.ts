import { FieldError } from "../json/field-error.js";

/** The error for a value that does not match its path variable. Another binding of the RPC may accept it. */
export class PathError extends FieldError {}
