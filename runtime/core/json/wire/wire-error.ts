import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";

/** What is known of a {@link WireError}, beside the offset. */
export interface WireErrorPlace {
  readonly isSound?: boolean;
  /** The message's full name. */
  readonly type?: string;
  readonly path?: string;
}

/** Protobuf wire bytes that are malformed or cut off, or that JSON cannot express. */
export class WireError extends GatewayError {
  override readonly name: string = "WireError";
  /** Whether the wire is sound, but its message is one that JSON cannot express, e.g. a time after the year 9999. */
  readonly isSound: boolean;
  /** What is wrong, without the place. */
  readonly problem: string;
  /** Where in the message, e.g. `kvs[3].key`; `""` for the message itself. */
  readonly path: string;
  /** Where in the message's bytes. */
  readonly offset: number;

  constructor(problem: string, offset: number, { isSound = false, type = "", path = "" }: WireErrorPlace = {}) {
    const where = path === "" ? type : `${type}.${path}`;
    super(Status.INTERNAL, `${where === "" ? "" : `${where}: `}${problem} at byte ${offset} of the wire`);
    this.isSound = isSound;
    this.problem = problem;
    this.path = path;
    this.offset = offset;
  }
}
