import { type Etcd, Event_EventType, watch } from "../../app/bundled-client.js";
import { type Binary, fromBinary, toBinary } from "../../bytes/binary.js";
import { type KeyState, keyStateOf } from "./key-store.js";

/** A change to a key. */
export interface KeyEvent {
  readonly key: Binary;
  /** The new state of the key; `undefined` if it was deleted. */
  readonly state: KeyState | undefined;
  readonly revision: bigint;
}

/** A report of a watch. */
export type KeyNews =
  | { readonly kind: "events"; readonly events: readonly KeyEvent[]; readonly revision: bigint }
  /** The watch follows all changes. */
  | { readonly kind: "live" }
  /** The connection is lost. The watch resumes when it is back. */
  | { readonly kind: "lost" };

/** The range of keys to watch, and the first revision to report. */
export interface WatchedRange {
  readonly start: Binary;
  readonly end: Binary;
  readonly from: bigint;
}

/**
 * Watches the keys of a range until the signal is aborted.
 *
 * @throws RpcError the error of the client's watch
 */
export async function* watchKeys(etcd: Etcd, range: WatchedRange, signal: AbortSignal): AsyncGenerator<KeyNews, void> {
  const request = {
    key: fromBinary(range.start),
    range_end: fromBinary(range.end),
    start_revision: range.from,
    progress_notify: true,
    fragment: true,
  };
  for await (const notice of watch(etcd.watch, request, { signal })) {
    if (notice.type === "lost") yield { kind: "lost" };
    else if (notice.type === "created" || notice.type === "resumed") yield { kind: "live" };
    else {
      const events = notice.type === "events" ? notice.events : [];
      yield {
        kind: "events",
        revision: notice.revision,
        events: events.flatMap(({ type, kv }) => {
          if (kv === undefined) return [];
          const state = type === Event_EventType.DELETE ? undefined : keyStateOf(kv);
          return [{ key: toBinary(kv.key), state, revision: kv.mod_revision }];
        }),
      };
    }
  }
}
