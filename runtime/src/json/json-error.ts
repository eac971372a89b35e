import { GatewayError } from "../gateway-error.js";
import { Status } from "../status.js";

/** JSON text that is not valid, or does not fit the message it is for. */
export class JsonError extends GatewayError {
  override readonly name: string = "JsonError";
  /** Where in the message, e.g. `success[0].request_put.key`; `""` for the message itself. */
  readonly path: string;
  /** Where in the text, in bytes from its beginning. */
  readonly offset: number;

  /** `problem` says what is wrong; `detail`, what was expected and what came. */
  constructor(path: string, offset: number, problem: string, detail = "") {
    const where = path === "" ? "" : `${path}: `;
    super(Status.INVALID_ARGUMENT, `${where}${problem} at byte ${offset}${detail === "" ? "" : `: ${detail}`}`);
    this.path = path;
    this.offset = offset;
  }
}
