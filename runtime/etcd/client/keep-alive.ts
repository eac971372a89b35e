import { Code, RpcError } from "@etcd-gateway/client";
import type { LeaseClient } from "../../../generated/client.js";
import { pause, retryDelay } from "./pause.js";

const RPC = "etcdserverpb.Lease.LeaseKeepAlive";

/** How long one request may take, in milliseconds. */
const REQUEST_TIMEOUT = 5_000;

/** How a lease is kept. */
export interface KeepAliveOptions {
  /** Keeps the lease until it is aborted. */
  readonly signal: AbortSignal;
  /** Told of each time that the lease was renewed, with how long it lives from then on, in seconds. */
  readonly onRenewed?: (ttl: bigint) => void;
}

/**
 * Keeps a lease alive until the signal is aborted: it is renewed three times as often as it needs, each time by a request
 * of its own, so that it works wherever `fetch` does. Resolves when the signal is aborted; the lease then lives on for
 * its time.
 *
 * Rejects with an `RpcError`: `NOT_FOUND` if there is no such lease any more, or whatever has made it impossible to
 * renew it until it must have expired.
 */
export async function keepAlive(
  client: LeaseClient<boolean>,
  id: bigint,
  { signal, onRenewed }: KeepAliveOptions,
): Promise<void> {
  let expires = Number.POSITIVE_INFINITY;
  for (let tries = 0; !signal.aborted; ) {
    let delay: number;
    try {
      const sent = Date.now();
      const ttl = await renew(client, id, signal);
      if (ttl <= 0n) throw new RpcError(Code.NOT_FOUND, "etcdserver: requested lease not found", { rpc: RPC });
      const milliseconds = Number(ttl) * 1000;
      expires = sent + milliseconds;
      delay = milliseconds / 3;
      tries = 0;
      onRenewed?.(ttl);
    } catch (error) {
      if (signal.aborted) return;
      const isFirst = expires === Number.POSITIVE_INFINITY;
      if (isFirst || !(error instanceof RpcError) || !isPassing(error) || Date.now() >= expires) throw error;
      delay = Math.min(retryDelay(tries), expires - Date.now());
      tries += 1;
    }
    await pause(delay, signal);
  }
}

async function renew(client: LeaseClient<boolean>, id: bigint, signal: AbortSignal): Promise<bigint> {
  const responses = client.leaseKeepAlive({ requests: [{ ID: id }], signal, timeout: REQUEST_TIMEOUT });
  const first = await responses.next();
  await responses.return?.();
  if (first.done === true) throw new RpcError(Code.UNAVAILABLE, "the stream ended without an answer", { rpc: RPC });
  return first.value.TTL;
}

function isPassing({ code }: RpcError): boolean {
  return code === Code.UNAVAILABLE || code === Code.DEADLINE_EXCEEDED || code === Code.CANCELLED;
}
