import { FieldError } from "../json/field-error.js";

/** A value that does not match its variable: another binding may take it. */
export class PathError extends FieldError {}
