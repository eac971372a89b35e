import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";

/** The error for text that is not valid JSON or does not fit its message. */
export class JsonError extends GatewayError {
  override readonly name: string = "JsonError";
  /** The problem, with the expected and the actual text, but without the position. */
  readonly problem: string;
  /** The path in the message, e.g. `success[0].request_put.key`, or `""` for the message itself. */
  readonly path: string;
  /** The offset in the text, in bytes. */
  readonly offset: number;

  /**
   * @param problem what is wrong
   * @param detail what was expected and what was found
   */
  constructor(path: string, offset: number, problem: string, detail = "") {
    const where = path === "" ? "" : `${path}: `;
    const more = detail === "" ? "" : `: ${detail}`;
    super(Status.INVALID_ARGUMENT, `${where}${problem} at byte ${offset}${more}`);
    this.problem = `${problem}${more}`;
    this.path = path;
    this.offset = offset;
  }
}
