/** What a worker tells the process that started it: that it serves, or that it cannot. */
export type WorkerReport =
  | { readonly serving: string }
  /** `code` is the exit code of a command that fails so. */
  | { readonly failed: string; readonly code: number };

/** What a worker is told: to drain and end, or to read certificates and the user anew. */
export type WorkerOrder = "stop" | "renew";

/** Whether a message is a worker's report: Node.js and libraries send messages of their own. */
export function isWorkerReport(message: unknown): message is WorkerReport {
  return typeof message === "object" && message !== null && ("serving" in message || "failed" in message);
}
