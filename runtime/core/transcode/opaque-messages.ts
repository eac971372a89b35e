import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";

/** The type URLs of messages in a response that could not be read, and so were written as bytes. */
export class OpaqueMessages {
  readonly #unknown = new Set<string>();
  readonly #malformed = new Set<string>();

  /** Takes note of a type that is not known. */
  readonly onUnknownType = (url: string): void => {
    this.#unknown.add(url);
  };

  /** Takes note of a known type of which a message is not. */
  readonly onMalformedMessage = (url: string): void => {
    this.#malformed.add(url);
  };

  /** What is to be told of those noted since the last time; `undefined`: nothing. */
  take(): GatewayError | undefined {
    const problems = [
      problem(
        this.#unknown,
        "a response has messages of unknown types, written as bytes:",
        "give their codecs by the option types",
      ),
      problem(
        this.#malformed,
        "a response has messages that are not of their types, written as bytes:",
        "the server has other definitions of them, or a fault",
      ),
    ].filter((text) => text !== undefined);
    return problems.length === 0 ? undefined : new GatewayError(Status.INTERNAL, problems.join("; "));
  }
}

function problem(urls: Set<string>, what: string, advice: string): string | undefined {
  if (urls.size === 0) return undefined;
  const list = [...urls].map((url) => JSON.stringify(url)).join(", ");
  urls.clear();
  return `${what} ${list}: ${advice}`;
}
