import assert from "node:assert/strict";
import { once } from "node:events";
import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
} from "node:http";
import { createInterface, type Interface } from "node:readline";

/** An HTTP response whose body is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly json: unknown;
}

/** Sends a body, which is JSON text or a value, and reads the whole response. */
export async function post(url: string, body: unknown = {}, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
  const outgoing = send(url, headers);
  outgoing.end(typeof body === "string" ? body : JSON.stringify(body));
  const response = await responseOf(outgoing);
  const chunks: Buffer[] = await response.toArray();
  const text = Buffer.concat(chunks).toString();
  try {
    return { status: response.statusCode ?? 0, headers: response.headers, json: JSON.parse(text) };
  } catch (cause) {
    throw new Error(`HTTP ${response.statusCode} with a body that is no JSON: ${text.slice(0, 200)}`, { cause });
  }
}

/** A request whose body can continue while its response is read. The response has one JSON value per line. */
export class Stream {
  readonly #request: ClientRequest;
  readonly #response: Promise<IncomingMessage>;
  #reader: Interface | undefined;
  #lines: AsyncIterator<string> | undefined;

  constructor(url: string, headers: OutgoingHttpHeaders = {}) {
    this.#request = send(url, headers);
    this.#response = responseOf(this.#request);
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

/**
 * Returns the members of a successful response except `header`, which must be etcd's.
 *
 * @throws AssertionError for an error
 */
export function result({ status, headers, json }: Answer): unknown {
  assert.equal(status, 200, JSON.stringify(json));
  assert.match(headers["content-type"] ?? "", /^application\/json\b/);
  return withoutHeader(json);
}

/** Returns an etcd message without its `header`, whose values differ between servers. */
export function withoutHeader(message: unknown): unknown {
  const { header, ...rest } = asObject(message);
  for (const [name, value] of Object.entries(asObject(header))) {
    assert.ok(["cluster_id", "member_id", "revision", "raft_term"].includes(name), `header has ${name}`);
    assert.match(String(value), /^\d+$/, `header.${name}`);
  }
  return rest;
}

/** Asserts that a response is a specific error. */
export function assertError(answer: Answer, status: number, code: number, message: string): void {
  assert.deepEqual({ status: answer.status, json: answer.json }, { status, json: { code, message } });
}

/** Returns the value at a path in JSON, for example `at(json, "kvs", 0, "lease")`. */
export function at(json: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => {
    assert.ok(
      typeof value === "object" && value !== null && key in value,
      `no ${path.join(".")} in ${JSON.stringify(json)}`,
    );
    return Reflect.get(value, key);
  }, json);
}

/** Returns the revision of the store from a response's header. */
export function revisionOf(json: unknown): number {
  return Number(at(json, "header", "revision"));
}

/** Encodes text or bytes as base64. */
export function base64(value: string | Uint8Array): string {
  return Buffer.from(value).toString("base64");
}

function asObject(value: unknown): Record<string, unknown> {
  assert.ok(
    typeof value === "object" && value !== null && !Array.isArray(value),
    `${JSON.stringify(value)} is no object`,
  );
  return { ...value };
}

function send(url: string, headers: OutgoingHttpHeaders): ClientRequest {
  return request(url, { method: "POST", agent: false, headers: { "Content-Type": "application/json", ...headers } });
}

async function responseOf(outgoing: ClientRequest): Promise<IncomingMessage> {
  outgoing.flushHeaders();
  const [response] = await once(outgoing, "response");
  return response;
}
