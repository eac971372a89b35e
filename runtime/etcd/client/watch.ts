import { type CallOptions, Code, type Input, type Output, RpcError } from "@etcd-gateway/client";
import type { Event, WatchClient, WatchCreateRequest, WatchResponse } from "../../../generated/client.js";
import { RpcName } from "../api/rpc-names.js";
import { canceledWatch } from "./canceled-watch.js";
import { isPassing } from "./passing-error.js";
import { pause, retryDelay } from "./pause.js";
import { refusesToken } from "./refused-token.js";
import { WatchPosition } from "./watch-position.js";

/** The notices that a watch yields. */
export type WatchNotice<Text extends boolean = false> =
  /** The watch was created. It yields all events after `revision`, or from the requested start revision on. */
  | { readonly type: "created"; readonly revision: bigint }
  /**
   * Keys have changed. All events up to `revision` have been received, unless `fragment` is true: then more of them
   * follow.
   */
  | {
      readonly type: "events";
      readonly revision: bigint;
      readonly fragment: boolean;
      readonly events: readonly Output<Event, Text>[];
    }
  /** All events up to `revision` have been received (`progress_notify`). */
  | { readonly type: "progress"; readonly revision: bigint }
  /** The connection was lost. The watch continues as soon as there is a new one. */
  | { readonly type: "lost"; readonly error: RpcError }
  /** The watch continues. The next event has `revision` or a later one, and no event was missed. */
  | { readonly type: "resumed"; readonly revision: bigint };

/** Options of `watch()`. */
export type WatchOptions<Text extends boolean = boolean> = Omit<CallOptions<Text>, "retries" | "renewToken">;

/**
 * Watches keys for as long as the iterator is read. If the connection breaks, it reconnects. Every event is received
 * exactly once and in order.
 *
 *     for await (const notice of watch(etcd.watch, { key: "config/", range_end: prefixEnd("config/") })) {
 *       if (notice.type === "events") for (const { type, kv } of notice.events) ...
 *     }
 *
 * The watch ends when the loop is left or the signal is aborted. It rejects with an `RpcError` if the watch cannot be
 * created or if etcd cancels it. The code is `OUT_OF_RANGE` if the revision to continue from has been compacted (the
 * error is a `CompactedError` if etcd reports the compacted revision), or if etcd is another cluster than before.
 */
export function watch<Text extends boolean>(
  client: WatchClient<Text>,
  request: Input<WatchCreateRequest>,
  options: WatchOptions<Text> = {},
): AsyncIterableIterator<WatchNotice<Text>, undefined> {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(options.signal?.reason);
  options.signal?.addEventListener("abort", onAbort, { once: true });
  if (options.signal?.aborted === true) onAbort();
  const leave = (): void => {
    controller.abort();
    options.signal?.removeEventListener("abort", onAbort);
  };
  const notices = follow(client, request, { ...options, signal: controller.signal });
  const iterator: AsyncIterableIterator<WatchNotice<boolean>, undefined> = {
    next: () => notices.next(),
    return() {
      leave();
      return notices.return(undefined);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  // Whether values are text depends on the client and the options, which TypeScript cannot infer here. The tests in
  // test/etcd/client/ check it.
  return iterator as AsyncIterableIterator<WatchNotice<Text>, undefined>;
}

async function* follow(
  client: WatchClient<boolean>,
  request: Input<WatchCreateRequest>,
  options: WatchOptions & { readonly signal: AbortSignal },
): AsyncGenerator<WatchNotice<boolean>, undefined> {
  const { signal } = options;
  const position = new WatchPosition(request.start_revision ?? 0n);
  let renewToken = false;
  for (let tries = 0; ; tries++) {
    let asked: number | undefined;
    let isOpen = false;
    try {
      position.onConnect();
      for await (const response of connect(
        client,
        { ...request, start_revision: position.next },
        { ...options, renewToken },
      )) {
        const { created, canceled, header } = response;
        const revision = header?.revision ?? 0n;
        if (canceled) throw canceledWatch(response);
        if (created) {
          tries = 0;
          isOpen = true;
          renewToken = false;
          const isFirst = position.onCreated(revision, header?.cluster_id ?? 0n);
          yield isFirst ? { type: "created", revision } : { type: "resumed", revision: position.next };
        } else if (response.events.length > 0) {
          const fragment = isFragment(response);
          const repeated = position.onEvents(response.events, fragment);
          const events = response.events.slice(repeated);
          if (events.length > 0) yield { type: "events", revision: position.last, fragment, events };
        } else {
          position.onProgress(revision);
          yield { type: "progress", revision };
        }
      }
      throw new RpcError(Code.UNAVAILABLE, "the stream has ended", { rpc: RpcName.watch });
    } catch (error) {
      if (signal.aborted) return undefined;
      const isRefusal = !renewToken && isTokenRefusal(error);
      if (isRefusal) renewToken = true;
      if (isRefusal && !isOpen) continue;
      if (!position.created || !(error instanceof RpcError) || !(isRefusal || isPassing(error))) throw error;
      if (tries === 0) yield { type: "lost", error };
      asked = error.retryAfter;
    }
    await pause(retryDelay(tries, asked), signal);
  }
}

/**
 * Whether a watch was refused because of its token in a message, after the status 200: by etcd's own gateway, or when
 * this gateway has resumed a watch whose token has expired since it began. After another status, the client has already
 * tried another token.
 */
function isTokenRefusal(error: unknown): boolean {
  return error instanceof RpcError && error.httpStatus === undefined && refusesToken(error);
}

/** Makes the request of a watch in a form that needs no WebSocket. */
function connect(
  client: WatchClient<boolean>,
  request: Input<WatchCreateRequest>,
  options: WatchOptions & Pick<CallOptions, "renewToken">,
): AsyncIterableIterator<Output<WatchResponse, boolean>, undefined> {
  return client.watch({
    timeout: 0,
    ...options,
    // This makes a refusal an error with its HTTP status, so that the client can renew its token. Only this gateway
    // supports it.
    headers: { accept: "application/json; refusals=status", ...options.headers },
    requests: [{ request_union: { $case: "create_request", value: request } }],
  });
}

/** Whether more events of the same revision follow. The API of etcd 3.3 and earlier does not have the field. */
function isFragment({ fragment = false }: Pick<WatchResponse, "created"> & { readonly fragment?: boolean }): boolean {
  return fragment;
}
