import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";

/** The type URLs of messages in a response that are of no known type, and so were written as bytes. */
export class UnknownTypes {
  readonly #urls = new Set<string>();

  /** Takes note of a type. */
  readonly add = (url: string): void => {
    this.#urls.add(url);
  };

  /** What is to be told of those noted since the last time; `undefined`: nothing. */
  take(): GatewayError | undefined {
    if (this.#urls.size === 0) return undefined;
    const urls = [...this.#urls].map((url) => JSON.stringify(url)).join(", ");
    this.#urls.clear();
    return new GatewayError(
      Status.INTERNAL,
      `a response has messages of unknown types, written as bytes: ${urls}: give their codecs by the option types`,
    );
  }
}
