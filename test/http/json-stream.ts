import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { createInterface, type Interface } from "node:readline";
import { openJson, response } from "./requests.js";

/** A request whose body can continue while its response is read. The response has one JSON value per line. */
export class Stream {
  readonly #request: ClientRequest;
  readonly #response: Promise<IncomingMessage>;
  #reader: Interface | undefined;
  #lines: AsyncIterator<string> | undefined;

  constructor(url: string, headers: OutgoingHttpHeaders = {}) {
    this.#request = openJson(url, headers);
    this.#request.flushHeaders();
    this.#response = response(this.#request);
    // A test that abandons a stream does not check how it ends.
    this.#response.catch(() => {});
  }

  /** Sends another JSON value, or a piece of one. */
  write(body: unknown): void {
    this.#request.write(typeof body === "string" ? body : `${JSON.stringify(body)}\n`);
  }

  /** Ends the body of the request. The response may continue. */
  end(): void {
    this.#request.end();
  }

  /** Resolves with the status of the response. */
  async status(): Promise<number> {
    return (await this.#response).statusCode ?? 0;
  }

  /** Returns the next JSON value of the response; `undefined` at its end. Nothing is read before the first call. */
  async next(): Promise<unknown> {
    this.#reader ??= createInterface({ input: await this.#response, crlfDelay: Number.POSITIVE_INFINITY });
    this.#lines ??= this.#reader[Symbol.asyncIterator]();
    const { done, value } = await this.#lines.next();
    return done === true ? undefined : JSON.parse(value);
  }

  /** Returns all remaining JSON values. */
  async rest(): Promise<unknown[]> {
    const values: unknown[] = [];
    for (let value = await this.next(); value !== undefined; value = await this.next()) values.push(value);
    return values;
  }

  /** Destroys the connection. */
  abort(): void {
    this.#request.on("error", () => {});
    this.#response.then((response) => response.on("error", () => {})).catch(() => {});
    this.#request.destroy();
    this.#reader?.close();
  }
}

/** Sends `body` as the whole request, and reads the response as a stream. */
export function postStream(url: string, body: unknown, headers: OutgoingHttpHeaders = {}): Stream {
  const stream = new Stream(url, headers);
  stream.write(body);
  stream.end();
  return stream;
}
