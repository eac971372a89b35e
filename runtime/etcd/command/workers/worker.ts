import type { ServeFlags } from "../flags/flags.js";
import type { RunningServer } from "../running-server.js";
import { isWorkerOrder, unpackFlags, type WorkerReport } from "./worker-messages.js";

/** The task of a worker. */
export interface WorkerTask {
  readonly start: (flags: ServeFlags) => Promise<RunningServer>;
  /** The exit code of a command that fails with an error. */
  readonly exitCodeOf: (error: unknown) => number;
  readonly log: (line: string) => void;
}

/**
 * Serves as one of several processes, with the flags that the first process sends. It stops when the first process
 * orders it or a signal arrives, which a terminal or a service may send to all processes. It exits immediately if the
 * first process has exited.
 */
export async function work({ start, exitCodeOf, log }: WorkerTask): Promise<void> {
  let server: RunningServer | undefined;
  /** The flags that arrived while the server was starting. */
  let renewed: ServeFlags | undefined;
  let isStopping = false;
  async function serve(flags: ServeFlags): Promise<void> {
    try {
      server = await start(flags);
      if (renewed !== undefined) renew(renewed);
      await report({ serving: server.url });
    } catch (error) {
      const code = exitCodeOf(error);
      await report({ failed: messageOf(error), code });
      process.exit(code);
    }
  }
  function renew(flags: ServeFlags): void {
    renewed = flags;
    try {
      server?.renew(flags);
    } catch (error) {
      log(`worker ${process.pid} keeps its certificates and its user: ${messageOf(error)}`);
    }
  }
  async function stop(): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    await server?.close();
    process.exit(0);
  }
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // The first process receives the signal, too, and sends an order.
  process.on("SIGHUP", () => {});
  process.on("message", (order: unknown) => {
    if (!isWorkerOrder(order)) return;
    if (order === "stop") stop();
    else if ("serve" in order) serve(unpackFlags(order.serve));
    else renew(unpackFlags(order.renew));
  });
  await report({ ready: true });
}

/** Resolves when the report has been sent. */
async function report(message: WorkerReport): Promise<void> {
  await new Promise<void>((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error);
}
