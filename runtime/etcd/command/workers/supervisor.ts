import type { Worker } from "node:cluster";
import { once } from "node:events";
import { createServer } from "node:net";
import type { ServeFlags } from "../flags/flags.js";
import type { ListenAddress } from "../flags/listen-address.js";
import type { RunningServer } from "../serve.js";
import { answerMetrics } from "./worker-metrics.js";
import { WorkerFailure, WorkerSlot } from "./worker-slot.js";

/** How long a worker may take to end beyond the grace period, in milliseconds. */
const IMPATIENCE = 5_000;

/**
 * Serves by several processes that share one port, and replaces those that end.
 *
 * @param args the command line, which the workers have, too
 * @param log told when a worker has ended
 * @throws WorkerFailure if one of them cannot serve; then none is left
 */
export async function supervise(
  flags: ServeFlags,
  args: readonly string[],
  log: (line: string) => void,
): Promise<RunningServer> {
  const { default: cluster } = await import("node:cluster");
  cluster.setupPrimary({ args: [...args, ...(await portArguments(flags.listen))] });
  const fork = (): Worker => {
    const worker = cluster.fork();
    answerMetrics(worker);
    return worker;
  };
  const slots = Array.from({ length: flags.server.workers }, () => new WorkerSlot(fork, log));
  try {
    const [url = ""] = await Promise.all(slots.map((slot) => slot.serving));
    return {
      url,
      renew() {
        for (const slot of slots) slot.order("renew");
      },
      async close() {
        const impatience = setTimeout(() => slots.map((slot) => slot.kill()), flags.server.grace + IMPATIENCE);
        await Promise.all(slots.map((slot) => slot.stop()));
        clearTimeout(impatience);
      },
    };
  } catch (error) {
    await Promise.all(slots.map((slot) => slot.kill()));
    throw error instanceof WorkerFailure ? error : new WorkerFailure(String(error), 1);
  }
}

/** Workers that choose a free port, and those that replace them, must choose the same: it is chosen here. */
async function portArguments({ host, port }: ListenAddress): Promise<readonly string[]> {
  if (port !== 0) return [];
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("there is no free port");
  return ["--listen", `${host.includes(":") ? `[${host}]` : host}:${address.port}`];
}
