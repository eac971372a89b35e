import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import type { Seen, Step } from "./parity-case.js";

/** How the response of a stream is read. */
export interface StreamReading {
  /** How many lines are waited for, unless the stream ends before. */
  readonly take: number;
  /** Whether it matters if the stream ends behind them. */
  readonly watchEnd: boolean;
}

/** What came of a request. */
export interface Answer {
  /** The HTTP status; 0 if there was none. */
  readonly status: number;
  readonly contentType: string;
  /** The header `WWW-Authenticate`. */
  readonly challenge: string | undefined;
  /** The body as JSON: of a stream, the values of its lines. `undefined` if it is none. */
  readonly json: unknown;
  /** The body as text, if it is no JSON. */
  readonly text: string | undefined;
  /** What happened otherwise. */
  readonly note: "" | "stream goes on" | "stream ends" | "no response" | "connection lost";
}

/** How long a response, or a line of one, may take, in milliseconds. */
const PATIENCE = 30_000;

const NOTHING: Answer = {
  status: 0,
  contentType: "",
  challenge: undefined,
  json: undefined,
  text: undefined,
  note: "no response",
};

/** The headers of a step. */
export function headersOf({ headers }: Step, seen: Seen): Readonly<Record<string, string>> {
  return typeof headers === "function" ? headers(seen) : headers;
}

/**
 * What two servers that are sent the same step at the same time have for what may never come: half a second, and ten times
 * as long as the other took for it, as a machine that is busy makes both of them slow.
 */
class SharedPatience {
  static readonly #least = 500;
  #taken = 0;

  /** What is waited for; `undefined` if it does not come. */
  async within<Value>(promise: Promise<Value>): Promise<Value | undefined> {
    const start = performance.now();
    const timed = promise.then((value) => {
      this.#taken ||= performance.now() - start;
      return { value };
    });
    const come = await within(SharedPatience.#least, timed);
    const rest = 10 * this.#taken - (performance.now() - start);
    return (come ?? (rest > 0 ? await within(rest, timed) : undefined))?.value;
  }
}

/** The patience with a step: with its response where there may be none, and with the end of a stream. */
export class Patience {
  readonly answer: SharedPatience = new SharedPatience();
  readonly end: SharedPatience = new SharedPatience();
}

/**
 * Sends a step to a server and reads what comes of it. Never rejects.
 *
 * @param patience the same one for another server that is sent the step at the same time
 */
export async function exchange(url: string, step: Step, seen: Seen, patience = new Patience()): Promise<Answer> {
  const headers = headersOf(step, seen);
  const body = typeof step.body === "function" ? JSON.stringify(step.body(seen)) : step.body;
  const { hostname, port } = new URL(url);
  const outgoing = request({ hostname, port, path: step.path, method: step.method, headers, agent: false });
  outgoing.on("error", () => {});
  try {
    outgoing.end(body);
    const answered = once(outgoing, "response");
    const response = await (step.mayHang ? patience.answer.within(answered) : within(PATIENCE, answered));
    if (response === undefined) return NOTHING;
    return await read(response[0], step, patience);
  } catch {
    return { ...NOTHING, note: "connection lost" };
  } finally {
    outgoing.destroy();
  }
}

async function read(response: IncomingMessage, { stream }: Step, patience: Patience): Promise<Answer> {
  const head = {
    status: response.statusCode ?? 0,
    contentType: response.headers["content-type"] ?? "",
    challenge: response.headers["www-authenticate"],
  };
  if (stream === undefined) return { ...head, ...parsed(await textOf(response)), note: "" };
  const lines = new Lines(response);
  const values: unknown[] = [];
  while (values.length < stream.take) {
    const line = await within(PATIENCE, lines.next());
    if (line === undefined) return { ...head, json: values, text: undefined, note: "stream goes on" };
    if (line === "") return { ...head, json: values, text: undefined, note: "stream ends" };
    const { json, text } = parsed(line);
    values.push(json ?? text);
  }
  if (!stream.watchEnd) return { ...head, json: values, text: undefined, note: "" };
  const more = await patience.end.within(lines.next());
  return { ...head, json: values, text: undefined, note: more === "" ? "stream ends" : "stream goes on" };
}

/** The lines of a body; the last may have no line feed. */
class Lines {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest = "";
  #ended = false;

  constructor(response: IncomingMessage) {
    response.on("error", () => {});
    this.#chunks = response[Symbol.asyncIterator]();
  }

  /** The next line that is not empty; `""` at the end. */
  async next(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end > 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return line;
      }
      if (this.#ended) {
        const line = this.#rest;
        this.#rest = "";
        return line;
      }
      const { done, value } = await this.#chunks.next();
      if (done === true) this.#ended = true;
      else this.#rest = (this.#rest + value.toString()).replace(/^\n+/, "");
    }
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = await response.toArray();
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): Pick<Answer, "json" | "text"> {
  try {
    return { json: JSON.parse(text), text: undefined };
  } catch {
    return { json: undefined, text };
  }
}

async function within<Value>(ms: number, promise: Promise<Value>): Promise<Value | undefined> {
  promise.catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
