import type { IncomingHttpHeaders } from "node:http";

/** Headers that contain credentials. A pattern never matches them. */
const CREDENTIALS: ReadonlySet<string> = new Set(["authorization", "cookie", "proxy-authorization"]);

/** The request headers that are forwarded to the server. */
export class ForwardedHeaders {
  readonly #names: readonly string[];
  readonly #prefixes: readonly string[];

  /** @param patterns names, or prefixes followed by `*` */
  constructor(patterns: readonly string[]) {
    const lower = new Set(patterns.map((pattern) => pattern.toLowerCase()));
    this.#names = [...lower].filter((pattern) => !pattern.endsWith("*"));
    this.#prefixes = [...lower].filter((pattern) => pattern.endsWith("*")).map((pattern) => pattern.slice(0, -1));
  }

  /** The names of the headers to forward, in lower case. The request may lack some of them. */
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
