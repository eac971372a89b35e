import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { isExecutable } from "../../is-executable.js";
import type { LoadGenerator, LoadResult } from "./load.js";

let found: boolean | undefined;

/** Whether the system has `wrk`, which is Debian's package of the same name. */
export function hasWrk(): boolean {
  found ??= (process.env["PATH"] ?? "").split(delimiter).some((folder) => isExecutable(join(folder, "wrk")));
  return found;
}

/**
 * Sends requests for a time, with `wrk` in one thread.
 *
 * @throws Error if a request fails
 */
export const wrk: LoadGenerator = async (children, { url, body, connections, amount }) => {
  if (!("seconds" in amount)) throw new Error("wrk cannot count requests");
  const folder = mkdtempSync(join(tmpdir(), "bench-wrk-"));
  try {
    const script = join(folder, "load.lua");
    writeFileSync(script, scriptOf(body));
    const time = `-d${Math.ceil(amount.seconds)}s`;
    const { output } = await children.run("wrk", ["-t1", `-c${connections}`, time, "--timeout=20s", "-s", script, url]);
    const line = output.split("\n").find((text) => text.startsWith("{"));
    const { errors, ...result }: LoadResult & { readonly errors: number } = JSON.parse(line ?? "{}");
    if (line === undefined || errors > 0 || result.requests === 0) throw new Error(`${url} under wrk:\n${output}`);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

function scriptOf(body: string): string {
  return `
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [==[${body}]==]
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"duration":%f,"errors":%d,"p50":%f,"p99":%f}\\n',
    summary.requests, summary.duration / 1000, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
`;
}
