import { spawnSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";
import { hasWrk } from "../load/wrk.js";

/** Describes the machine and the versions of a run, in a sentence of Markdown. */
export function describeMachine(etcdVersion: string): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const month = new Date().toLocaleDateString("en-US", { month: "long", year: "numeric" });
  return (
    `Measured in ${month} with Node ${process.versions.node} and etcd ${etcdVersion} on ${cpus().length} cores ` +
    `(${first?.model.trim() ?? "unknown"}), ${memory} GiB of memory, under load from ${loadGenerator()}; ` +
    `the machine's load average was ${loadavg()[0]?.toFixed(1)} at the beginning.`
  );
}

function loadGenerator(): string {
  if (!hasWrk()) return "autocannon (there was no wrk)";
  // wrk has no flag that only prints its version.
  const { stdout } = spawnSync("wrk", ["-v"], { encoding: "utf8" });
  return /^wrk \S+/.exec(stdout)?.[0] ?? "wrk";
}
