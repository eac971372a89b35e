import type { Worker } from "node:cluster";
import { once } from "node:events";
import { createServer } from "node:net";
import type { ServeFlags } from "../flags/flags.js";
import type { ListenAddress } from "../flags/listen-address.js";
import type { RunningServer } from "../serve.js";
import { packFlags, WORKER_ARGUMENT } from "./worker-messages.js";
import { WorkerMetrics } from "./worker-metrics.js";
import { WorkerFailure, WorkerSlot } from "./worker-slot.js";

/** How long a worker may take to end beyond the grace period, in milliseconds. */
const IMPATIENCE = 5_000;

/**
 * Serves by several processes that share one port, and replaces those that end. All have the flags, and what the files had
 * that these name, from this process: a worker that begins later has what the others have, whatever the files have then.
 *
 * @param args the command line, for those who look at the list of processes
 * @param log told when a worker has ended
 * @throws WorkerFailure if one of them cannot serve; then none is left
 */
export async function supervise(
  flags: ServeFlags,
  args: readonly string[],
  log: (line: string) => void,
): Promise<RunningServer> {
  const { default: cluster } = await import("node:cluster");
  cluster.setupPrimary({ args: [WORKER_ARGUMENT, ...args] });
  const listen = await sharedAddress(flags.listen);
  let current = packFlags({ ...flags, listen });
  const metrics = new WorkerMetrics();
  const fork = (): Worker => {
    const worker = cluster.fork();
    metrics.add(worker);
    return worker;
  };
  const first = () => ({ serve: current });
  const slots = Array.from({ length: flags.server.workers }, () => new WorkerSlot({ fork, first, log }));
  try {
    const [url = ""] = await Promise.all(slots.map((slot) => slot.serving));
    return {
      url,
      renew(renewed) {
        current = packFlags({ ...renewed, listen });
        for (const slot of slots) slot.order({ renew: current });
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
async function sharedAddress({ host, port }: ListenAddress): Promise<ListenAddress> {
  if (port !== 0) return { host, port };
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("there is no free port");
  return { host, port: address.port };
}
