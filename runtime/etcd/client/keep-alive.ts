import { Code, RpcError } from "@etcd-gateway/client";
import type { LeaseClient } from "../../../generated/client.js";
import { RpcName } from "../api/rpc-names.js";
import { isPassing } from "./passing-error.js";
import { pause, retryDelay } from "./pause.js";

/** The time limit of one request, in milliseconds. */
const REQUEST_TIMEOUT = 5_000;

/** Options of `keepAlive()`. */
export interface KeepAliveOptions {
  /** Stops the renewals when it is aborted. */
  readonly signal: AbortSignal;
  /** Called after each renewal with the new time to live of the lease, in seconds. */
  readonly onRenewed?: (ttl: bigint) => void;
}

/**
 * Keeps a lease alive until the signal is aborted. It renews the lease three times per time to live. Each renewal is a
 * separate request, so it works wherever `fetch` does. The promise resolves when the signal is aborted. The lease then
 * remains until its time to live has passed.
 *
 * The promise rejects with an `RpcError`: `NOT_FOUND` if the lease no longer exists, or the error of the last attempt
 * if the lease could not be renewed before it expired. It rejects with a `TypeError` if there is no signal.
 */
export async function keepAlive(client: LeaseClient<boolean>, id: bigint, options: KeepAliveOptions): Promise<void> {
  checkSignal(options);
  const { signal, onRenewed } = options;
  let expires = Number.POSITIVE_INFINITY;
  for (let tries = 0; !signal.aborted; ) {
    let delay: number;
    try {
      const sent = performance.now();
      const ttl = await renew(client, id, signal);
      if (ttl <= 0n)
        throw new RpcError(Code.NOT_FOUND, "etcdserver: requested lease not found", { rpc: RpcName.leaseKeepAlive });
      const milliseconds = Number(ttl) * 1000;
      expires = sent + milliseconds;
      delay = milliseconds / 3;
      tries = 0;
      onRenewed?.(ttl);
    } catch (error) {
      if (signal.aborted) return;
      const isFirst = expires === Number.POSITIVE_INFINITY;
      if (isFirst || !(error instanceof RpcError) || performance.now() >= expires) throw error;
      if (!isPassing(error) && error.code !== Code.DEADLINE_EXCEEDED) throw error;
      delay = Math.min(retryDelay(tries, error.retryAfter), expires - performance.now());
      tries += 1;
    }
    await pause(delay, signal);
  }
}

/** JavaScript may call `keepAlive` without a signal. */
function checkSignal(options: Partial<KeepAliveOptions> | undefined): void {
  if (options?.signal?.aborted === undefined) {
    throw new TypeError("signal: expected the AbortSignal that stops the renewals: keepAlive(lease, id, { signal })");
  }
}

async function renew(client: LeaseClient<boolean>, id: bigint, signal: AbortSignal): Promise<bigint> {
  const responses = client.leaseKeepAlive({ requests: [{ ID: id }], signal, timeout: REQUEST_TIMEOUT });
  const first = await responses.next();
  await responses.return?.();
  if (first.done === true)
    throw new RpcError(Code.UNAVAILABLE, "the stream ended without a response", { rpc: RpcName.leaseKeepAlive });
  return first.value.TTL;
}
