import { type Etcd, Event_EventType, watch } from "../../app/etcd-client.js";
import { type Binary, fromBinary, toBinary } from "../../bytes/binary.js";
import { type KeyState, keyStateOf } from "./key-store.js";

/** A change to a key. */
export interface KeyEvent {
  readonly key: Binary;
  /** What the key is now; `undefined`: it has been deleted. */
  readonly state: KeyState | undefined;
  readonly revision: bigint;
}

/** What a watch of keys tells. */
export type KeyNews =
  | { readonly kind: "events"; readonly events: readonly KeyEvent[]; readonly revision: bigint }
  /** The watch follows all that happens. */
  | { readonly kind: "live" }
  /** The connection is lost; the watch goes on as soon as there is another. */
  | { readonly kind: "lost" };

/** Keys to watch, and the revision of the first change to tell of. */
export interface WatchedRange {
  readonly start: Binary;
  readonly end: Binary;
  readonly from: bigint;
}

/** Follows the keys of a range until the signal is aborted. Throws what the client's watch throws. */
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
