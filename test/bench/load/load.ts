import type { Children } from "../machine/children.js";
import { autocannon } from "./autocannon.js";
import { hasWrk, wrk } from "./wrk.js";

/** Requests that are all the same: each connection sends the next one when it has the whole answer to the last. */
export interface Load {
  readonly url: string;
  /** The JSON body of the POST. */
  readonly body: string;
  readonly connections: number;
  /**
   * How much: for some seconds, or so many requests in all. The largest answers are counted, since those that are under
   * way when a time is up have cost CPU, and nobody knows how much.
   */
  readonly amount: { readonly seconds: number } | { readonly requests: number };
}

/** What came of a load, in which all answers had a status of success. Times are in milliseconds. */
export interface LoadResult {
  /** How many were answered. */
  readonly requests: number;
  readonly duration: number;
  readonly p50: number;
  readonly p99: number;
}

/** What makes the load, in a process of its own. */
export type LoadGenerator = (children: Children, load: Load) => Promise<LoadResult>;

/** Puts a server under load: `wrk`, where the system has it, for a time; autocannon for a number of requests. */
export const putUnderLoad: LoadGenerator = (children, load) =>
  "seconds" in load.amount && hasWrk() ? wrk(children, load) : autocannon(children, load);
