import type { IncomingHttpHeaders } from "node:http";

/** Headers with credentials in them: a pattern never means one of them. */
const CREDENTIALS: ReadonlySet<string> = new Set(["authorization", "cookie", "proxy-authorization"]);

/** Which headers of a request go on to the server. */
export class ForwardedHeaders {
  readonly #names: readonly string[];
  readonly #prefixes: readonly string[];

  /** @param patterns names, and prefixes with a star behind them */
  constructor(patterns: readonly string[]) {
    const lower = patterns.map((pattern) => pattern.toLowerCase());
    this.#names = lower.filter((pattern) => !pattern.endsWith("*"));
    this.#prefixes = lower.filter((pattern) => pattern.endsWith("*")).map((pattern) => pattern.slice(0, -1));
  }

  /** The names of the headers of a request that go on, in lower case. Some of them may not be there. */
  in(headers: IncomingHttpHeaders): readonly string[] {
    if (this.#prefixes.length === 0) return this.#names;
    const matching = Object.keys(headers).filter(
      (name) =>
        this.#prefixes.some((prefix) => name.startsWith(prefix)) &&
        !CREDENTIALS.has(name) &&
        !this.#names.includes(name),
    );
    return [...this.#names, ...matching];
  }
}
