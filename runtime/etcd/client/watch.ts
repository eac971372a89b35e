import { type CallOptions, Code, type Input, type Output, RpcError } from "@etcd-gateway/client";
import type { Event, WatchClient, WatchCreateRequest, WatchResponse } from "../../../generated/client.js";
import { canceledWatch } from "./canceled-watch.js";
import { pause, retryDelay } from "./pause.js";
import { WatchPosition } from "./watch-position.js";

/** What a watch tells. */
export type WatchNotice<Text extends boolean = false> =
  /** The watch is there: it sees all that happens after `revision`, or from where it was to start. */
  | { readonly type: "created"; readonly revision: bigint }
  /** Something has happened. All events up to `revision` have come, unless `fragment` says that more of it follow. */
  | {
      readonly type: "events";
      readonly revision: bigint;
      readonly fragment: boolean;
      readonly events: readonly Output<Event, Text>[];
    }
  /** All events up to `revision` have come (`progress_notify`). */
  | { readonly type: "progress"; readonly revision: bigint }
  /** The connection is lost; the watch goes on as soon as there is another. */
  | { readonly type: "lost"; readonly error: RpcError }
  /** The watch goes on: the next event is of `revision` or later, and nothing was missed. */
  | { readonly type: "resumed"; readonly revision: bigint };

/** How a watch is made. */
export type WatchOptions<Text extends boolean = boolean> = Omit<CallOptions<Text>, "retries">;

/**
 * Watches keys, for as long as it is read: a connection that breaks is made anew, and every event comes once and in
 * order.
 *
 *     for await (const notice of watch(etcd.watch, { key: "config/", range_end: prefixEnd("config/") })) {
 *       if (notice.type === "events") for (const { type, kv } of notice.events) ...
 *     }
 *
 * It ends when the loop is left, or the signal aborted. It rejects with an `RpcError` if it cannot begin, or etcd ends
 * it: `OUT_OF_RANGE` if the revision to go on from has been compacted (a `CompactedError`, if etcd tells up to where).
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
  // Whether there is text is for the client to know, and the options; test/client/ holds it to this.
  return iterator as AsyncIterableIterator<WatchNotice<Text>, undefined>;
}

async function* follow(
  client: WatchClient<boolean>,
  request: Input<WatchCreateRequest>,
  options: WatchOptions & { readonly signal: AbortSignal },
): AsyncGenerator<WatchNotice<boolean>, undefined> {
  const { signal } = options;
  const position = new WatchPosition(request.start_revision ?? 0n);
  for (let tries = 0; ; tries++) {
    try {
      position.onConnect();
      for await (const response of connect(client, { ...request, start_revision: position.next }, options)) {
        const { created, canceled, header } = response;
        const revision = header?.revision ?? 0n;
        if (canceled) throw canceledWatch(response);
        if (created) {
          tries = 0;
          const isFirst = position.onCreated(revision);
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
      throw new RpcError(Code.UNAVAILABLE, "the stream has ended", { rpc: "etcdserverpb.Watch.Watch" });
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!position.created || !(error instanceof RpcError) || !isLoss(error)) throw error;
      if (tries === 0) yield { type: "lost", error };
    }
    await pause(retryDelay(tries), signal);
  }
}

/** Makes the request of a watch, as one that needs no WebSocket. */
function connect(
  client: WatchClient<boolean>,
  request: Input<WatchCreateRequest>,
  options: WatchOptions,
): AsyncIterableIterator<Output<WatchResponse, boolean>, undefined> {
  return client.watch({
    timeout: 0,
    ...options,
    // A refusal is an error with its status then, at which a token is renewed. Only this gateway knows it.
    headers: { accept: "application/json; refusals=status", ...options.headers },
    requests: [{ request_union: { $case: "create_request", value: request } }],
  });
}

/** Whether more of the same revision's events follow. The API of etcd 3.3 and earlier does not have the field. */
function isFragment({ fragment = false }: Pick<WatchResponse, "created"> & { readonly fragment?: boolean }): boolean {
  return fragment;
}

function isLoss({ code }: RpcError): boolean {
  return code === Code.UNAVAILABLE || code === Code.CANCELLED;
}
