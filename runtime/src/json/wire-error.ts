import { GatewayError } from "../gateway-error.js";
import { Status } from "../status.js";

/** Protobuf wire bytes that are malformed or cut off, or that JSON cannot express. */
export class WireError extends GatewayError {
  override readonly name: string = "WireError";
  /** What is wrong, without the place. */
  readonly problem: string;
  /** Where in the message, e.g. `kvs[3].key`; `""` for the message itself. */
  readonly path: string;
  /** Where in the message's bytes. */
  readonly offset: number;

  constructor(problem: string, offset: number, type = "", path = "") {
    const where = path === "" ? type : `${type}.${path}`;
    super(Status.INTERNAL, `${where === "" ? "" : `${where}: `}${problem} at byte ${offset} of the wire`);
    this.problem = problem;
    this.path = path;
    this.offset = offset;
  }
}
