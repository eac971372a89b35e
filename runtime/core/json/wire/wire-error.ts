import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import { MAX_DEPTH } from "./max-depth.js";

/** The details of a {@link WireError}, except its offset. */
export interface WireErrorDetails {
  readonly isSound?: boolean;
  /** The message's full name. */
  readonly type?: string;
  readonly path?: string;
}

/** The error for protobuf wire bytes that are malformed or cut off, or that JSON cannot express. */
export class WireError extends GatewayError {
  override readonly name: string = "WireError";
  /** Whether the wire is well-formed, but JSON cannot express the message, e.g. a time after the year 9999. */
  readonly isSound: boolean;
  /** The problem, without the position. */
  readonly problem: string;
  /** The path in the message, e.g. `kvs[3].key`, or `""` for the message itself. */
  readonly path: string;
  /** The offset in the message's wire bytes. */
  readonly offset: number;

  constructor(problem: string, offset: number, { isSound = false, type = "", path = "" }: WireErrorDetails = {}) {
    const where = path === "" ? type : `${type}.${path}`;
    super(Status.INTERNAL, `${where === "" ? "" : `${where}: `}${problem} at byte ${offset} of the protobuf message`);
    this.isSound = isSound;
    this.problem = problem;
    this.path = path;
    this.offset = offset;
  }
}

/** Returns the error for a string that is not UTF-8. */
export function invalidUtf8(offset: number): WireError {
  return new WireError("invalid UTF-8 in a string", offset);
}

/** Returns the error for a group that does not end. */
export function endlessGroup(offset: number): WireError {
  return new WireError("group without an end", offset);
}

/** Returns the error for messages in too many others. */
export function nestedTooDeep(offset: number): WireError {
  return new WireError(`messages nested more than ${MAX_DEPTH} levels deep`, offset);
}
