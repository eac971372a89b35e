import { deserialize, serialize } from "node:v8";
import type { ServeFlags } from "../flags/flags.js";
import { hasMember } from "./has-member.js";

/** The first argument of a worker's command line. */
export const WORKER_ARGUMENT = "worker";

/** A worker's report to the first process: it is ready for orders, it serves, or it cannot serve. */
export type WorkerReport =
  | { readonly ready: true }
  | { readonly serving: string }
  /** `code` is the exit code of a command that fails for this reason. */
  | { readonly failed: string; readonly code: number };

/**
 * An order to a worker: to serve, to use new certificates and credentials, or to drain and exit. Workers do not read
 * flags and files themselves, because these could differ between workers.
 */
export type WorkerOrder = { readonly serve: PackedFlags } | { readonly renew: PackedFlags } | "stop";

/** Flags as text, because messages between processes are JSON and certificates are bytes. */
export type PackedFlags = string;

/** Converts flags to text. */
export function packFlags(flags: ServeFlags): PackedFlags {
  return serialize(flags).toString("base64");
}

/** Converts the text back to flags. */
export function unpackFlags(packed: PackedFlags): ServeFlags {
  return deserialize(Buffer.from(packed, "base64"));
}

/** Whether a message is a worker's report. Node.js and the metrics send messages of their own. */
export function isWorkerReport(message: unknown): message is WorkerReport {
  return hasMember(message, "ready", "serving", "failed");
}

/** Whether a message is an order to a worker. */
export function isWorkerOrder(message: unknown): message is WorkerOrder {
  return message === "stop" || hasMember(message, "serve", "renew");
}
