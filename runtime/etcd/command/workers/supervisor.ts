import type { Worker } from "node:cluster";
import { once } from "node:events";
import { createServer } from "node:net";
import { LONGEST_DELAY } from "@etcd-gateway/runtime/options";
import type { ServeFlags } from "../flags/flags.js";
import type { ListenAddress } from "../flags/listen-address.js";
import type { RunningServer } from "../running-server.js";
import { packFlags, WORKER_ARGUMENT } from "./worker-messages.js";
import { WorkerMetrics } from "./worker-metrics.js";
import { WorkerFailure, WorkerSlot } from "./worker-slot.js";

/** How long a worker may take to exit after the grace period, in milliseconds. */
const IMPATIENCE = 5_000;

/**
 * Serves with several processes that share one port, and replaces those that exit. This process sends the flags, and
 * the content of the files that they name, to all workers. A worker that starts later therefore has the same as the
 * others, even if the files have changed.
 *
 * @param args the command line, to be shown in the list of processes
 * @param log receives a line when a worker has exited
 * @throws WorkerFailure if one of the workers cannot serve. All workers have then been stopped.
 */
export async function supervise(
  flags: ServeFlags,
  args: readonly string[],
  log: (line: string) => void,
): Promise<RunningServer> {
  const [{ default: cluster }, { AggregatorRegistry }] = await Promise.all([
    import("node:cluster"),
    import("prom-client").then((module) => module.default),
  ]);
  cluster.setupPrimary({ args: [WORKER_ARGUMENT, ...args] });
  const listen = await sharedAddress(flags.listen);
  let current = packFlags({ ...flags, listen });
  const metrics = new WorkerMetrics(AggregatorRegistry);
  const fork = (): Worker => {
    const worker = cluster.fork();
    metrics.add(worker);
    return worker;
  };
  const first = () => ({ serve: current });
  const slots = Array.from({ length: flags.server.workers }, () => new WorkerSlot({ fork, first, log }));
  // Whatever ends this process, such as a second signal. The workers would notice it later, and not while they are busy.
  process.once("exit", () => slots.map((slot) => slot.kill()));
  try {
    const [url = ""] = await Promise.all(slots.map((slot) => slot.serving));
    return {
      url,
      renew(renewed) {
        current = packFlags({ ...renewed, listen });
        for (const slot of slots) slot.order({ renew: current });
      },
      async close() {
        const patience = Math.min(flags.server.grace + IMPATIENCE, LONGEST_DELAY);
        const impatience = setTimeout(() => slots.map((slot) => slot.kill()), patience);
        await Promise.all(slots.map((slot) => slot.stop()));
        clearTimeout(impatience);
      },
    };
  } catch (error) {
    await Promise.all(slots.map((slot) => slot.kill()));
    throw error instanceof WorkerFailure ? error : new WorkerFailure(String(error), 1);
  }
}

/**
 * Returns the address for all workers. A free port is chosen here, because all workers, including replacements, must
 * use the same one.
 */
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
