import { DIALECT_NAMES, type DialectName } from "../../runtime/etcd/options/dialect-names.js";
import { at } from "../http/etcd-json.js";
import type { Answer, StreamReading } from "./exchange.js";

/** What the earlier steps of a case have shown, on the same server. */
export interface Seen {
  /** The store's revision before the case. */
  readonly revision: number;
  /** The responses to the steps so far. */
  readonly answers: readonly Answer[];
}

/** One request. */
export interface Step {
  readonly method: string;
  readonly path: string;
  /** JSON text, or what becomes it. */
  readonly body: string | Buffer | ((seen: Seen) => unknown);
  readonly headers: Readonly<Record<string, string>> | ((seen: Seen) => Readonly<Record<string, string>>);
  /** How the response is read, if it is a stream. */
  readonly stream: StreamReading | undefined;
  /** Whether etcd may never respond. */
  readonly mayHang: boolean;
}

/** Requests that are sent one after the other to servers that should not be told apart. */
export interface Case {
  readonly name: string;
  readonly dialects: readonly DialectName[];
  readonly steps: readonly Step[];
}

/** The body of a request: text, or what becomes JSON. */
export type Body = string | Buffer | object | ((seen: Seen) => unknown);

/** What a step may have beside its path and body. */
export interface StepOptions extends Partial<Pick<Step, "method" | "headers" | "stream" | "mayHang">> {}

/** A request under `/v3/`, or at the path given if it begins with a slash. */
export function call(path: string, body: Body = {}, options: StepOptions = {}): Step {
  return {
    method: options.method ?? "POST",
    path: path.startsWith("/") ? path : `/v3/${path}`,
    body: typeof body === "string" || Buffer.isBuffer(body) || isFunction(body) ? body : JSON.stringify(body),
    headers: options.headers ?? {},
    stream: options.stream,
    mayHang: options.mayHang ?? false,
  };
}

/** A request of a stream: `take` lines of the response are waited for, or its end. */
export function stream(path: string, body: Body, take: number, options: StepOptions = {}): Step {
  return call(path, body, { ...options, stream: { take, watchEnd: false } });
}

/** The same, and whether the stream then ends. */
export function streamToEnd(path: string, body: Body, take: number, options: StepOptions = {}): Step {
  return call(path, body, { ...options, stream: { take, watchEnd: true } });
}

/** Cases by name, each with a step or several. */
export function cases(
  group: string,
  steps: Readonly<Record<string, Step | readonly Step[]>>,
  dialects: readonly DialectName[] = DIALECT_NAMES,
): Case[] {
  return Object.entries(steps).map(([name, list]) => ({
    name: `${group}: ${name}`,
    dialects,
    steps: "path" in list ? [list] : list,
  }));
}

/** Text as a bytes field has it. */
export function b64(text: string | Uint8Array): string {
  return Buffer.from(text).toString("base64");
}

/** What stands at a path in the JSON of an earlier response. */
export function from(seen: Seen, step: number, ...path: readonly (string | number)[]): string {
  return String(at(seen.answers[step]?.json, ...path));
}

function isFunction(body: Body): body is (seen: Seen) => unknown {
  return typeof body === "function";
}
