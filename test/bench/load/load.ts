import type { Children } from "../machine/children.js";
import { autocannon } from "./autocannon.js";
import { hasWrk, wrk } from "./wrk.js";

/** Identical requests. Each connection sends the next one when it has received the complete response to the last. */
export interface Load {
  readonly url: string;
  /** The JSON body of the POST. */
  readonly body: string;
  readonly connections: number;
  /**
   * The amount: a number of seconds, or a total number of requests. A number is used for the largest responses, because
   * those in progress at the end of a time have already cost an unknown amount of CPU time.
   */
  readonly amount: { readonly seconds: number } | { readonly requests: number };
}

/** The result of a load. All responses had a successful status. Times are in milliseconds. */
export interface LoadResult {
  /** The number of responses. */
  readonly requests: number;
  readonly duration: number;
  readonly p50: number;
  readonly p99: number;
}

/** Generates the load, in a separate process. */
export type LoadGenerator = (children: Children, load: Load) => Promise<LoadResult>;

/** Puts a server under load: with `wrk` for a time, if the system has it, otherwise with autocannon. */
export const putUnderLoad: LoadGenerator = (children, load) =>
  "seconds" in load.amount && hasWrk() ? wrk(children, load) : autocannon(children, load);
