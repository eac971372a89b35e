import { createRequire } from "node:module";
import type { LoadGenerator } from "./load.js";

const PROGRAM = createRequire(import.meta.url).resolve("autocannon");

/** The relevant part of autocannon's output. */
interface Printed {
  readonly requests: { readonly total: number };
  /** Seconds, with a resolution of 10 ms. */
  readonly duration: number;
  readonly errors: number;
  readonly non2xx: number;
  /** Milliseconds. */
  readonly latency: { readonly p50: number; readonly p99: number };
}

/**
 * Sends requests with autocannon in one thread, for a time or up to a number of requests.
 *
 * @throws Error if a request fails
 */
export const autocannon: LoadGenerator = async (children, { url, body, connections, amount }) => {
  const { output } = await children.run(process.execPath, [
    PROGRAM,
    "--json",
    "--method=POST",
    "--headers=Content-Type: application/json",
    `--body=${body}`,
    `--connections=${connections}`,
    "seconds" in amount ? `--duration=${amount.seconds}` : `--amount=${amount.requests}`,
    // The interval, in milliseconds, at which autocannon checks whether it is done.
    "--sampleInt=10",
    "--timeout=60",
    url,
  ]);
  const { requests, duration, errors, non2xx, latency }: Printed = JSON.parse(output);
  if (errors > 0 || non2xx > 0 || requests.total === 0) throw new Error(`${url} under autocannon:\n${output}`);
  return { requests: requests.total, duration: duration * 1000, p50: latency.p50, p99: latency.p99 };
};
