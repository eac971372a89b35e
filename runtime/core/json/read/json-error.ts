import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";

/** JSON text that is not valid, or does not fit the message it is for. */
export class JsonError extends GatewayError {
  override readonly name: string = "JsonError";
  /** What is wrong, what was expected and what came, without the place. */
  readonly problem: string;
  /** Where in the message, e.g. `success[0].request_put.key`; `""` for the message itself. */
  readonly path: string;
  /** Where in the text, in bytes from its beginning. */
  readonly offset: number;

  /** `problem` says what is wrong; `detail`, what was expected and what came. */
  constructor(path: string, offset: number, problem: string, detail = "") {
    const where = path === "" ? "" : `${path}: `;
    const more = detail === "" ? "" : `: ${detail}`;
    super(Status.INVALID_ARGUMENT, `${where}${problem} at byte ${offset}${more}`);
    this.problem = `${problem}${more}`;
    this.path = path;
    this.offset = offset;
  }
}
