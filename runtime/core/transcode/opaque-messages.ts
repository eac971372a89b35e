import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";

/** Collects the type URLs of messages in responses that could not be read and were therefore written as bytes. */
export class OpaqueMessages {
  readonly #unknown = new Set<string>();
  readonly #malformed = new Set<string>();

  /** Records an unknown type. */
  readonly onUnknownType = (url: string): void => {
    this.#unknown.add(url);
  };

  /** Records a known type of a message that could not be read as this type. */
  readonly onMalformedMessage = (url: string): void => {
    this.#malformed.add(url);
  };

  /** Returns an error that describes the types recorded since the last call; `undefined` if there are none. */
  take(): GatewayError | undefined {
    const problems = [
      problem(
        this.#unknown,
        "a response has messages of unknown types, written as bytes:",
        "set their codecs in the option types",
      ),
      problem(
        this.#malformed,
        "a response has messages that do not match their types, written as bytes:",
        "the server has different definitions of these types, or a fault",
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
