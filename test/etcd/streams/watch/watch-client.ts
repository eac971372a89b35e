import assert from "node:assert/strict";
import {
  Event_EventType,
  WatchCreateRequest,
  type WatchCreateRequest_FilterType,
  WatchRequest,
  WatchResponse,
} from "etcd-gateway/generated";
import type { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import type { StreamCall, StreamListener, Transport } from "../../../../runtime/core/transport/transport.js";
import { callOptions } from "../../../core/transport/recorded-calls.js";
import { FORBIDDEN, isWatched, type StoredChange } from "../model-etcd.js";

/** A client's request for a watch. */
export interface WatchOrder {
  readonly start: string;
  readonly end: string;
  /** The start revision; 0 for new events only. */
  readonly revision: number;
  readonly filters: readonly WatchCreateRequest_FilterType[];
  readonly progress: boolean;
  readonly fragment: boolean;
  readonly id: bigint;
}

/** A client's view of a watch. */
interface SeenWatch {
  readonly order: WatchOrder;
  id: bigint | undefined;
  /** The first revision that it must receive. */
  from: number;
  readonly events: string[];
  /** The end, and why. */
  end: "client" | "refused" | { readonly compacted: number } | undefined;
  cancelAsked: boolean;
}

/** A client of one watch stream. It checks every response against etcd's guarantees. */
export class WatchClient implements StreamListener {
  readonly watches: SeenWatch[] = [];
  readonly #call: StreamCall;
  readonly #changes: readonly StoredChange[];
  readonly #choosesIds: boolean;
  #progressAsked = 0;
  ended = false;
  error: GatewayError | undefined;

  /** @param changes the store's changes; the list may grow */
  constructor(transport: Transport, changes: readonly StoredChange[], choosesIds: boolean) {
    this.#changes = changes;
    this.#choosesIds = choosesIds;
    this.#call = transport.stream("/etcdserverpb.Watch/Watch", callOptions({ deadline: undefined }), this);
  }

  create(order: WatchOrder): void {
    this.watches.push({ order, id: undefined, from: order.revision, events: [], end: undefined, cancelAsked: false });
    const value = WatchCreateRequest.fromPartial({
      key: Buffer.from(order.start),
      range_end: Buffer.from(order.end),
      start_revision: BigInt(order.revision),
      filters: [...order.filters],
      progress_notify: order.progress,
      fragment: order.fragment,
      watch_id: order.id,
    });
    this.#send({ $case: "create_request", value });
  }

  /** Cancels one of the live watches, if there is one. */
  cancel(which: number): void {
    const live = this.live;
    const watch = live[which % Math.max(live.length, 1)];
    if (watch?.id === undefined) return;
    watch.cancelAsked = true;
    this.#send({ $case: "cancel_request", value: { watch_id: watch.id } });
  }

  askProgress(): void {
    this.#progressAsked += 1;
    this.#send({ $case: "progress_request", value: {} });
  }

  end(): void {
    this.#call.end();
  }

  /** The watches that have been created and have not ended. */
  get live(): SeenWatch[] {
    return this.watches.filter(({ id, end }) => id !== undefined && end === undefined);
  }

  /** Checks that all events have arrived. Nothing may be in transit. */
  checkComplete(): void {
    if (this.ended) return;
    for (const watch of this.watches) {
      assert.ok(watch.id !== undefined || watch.end === "refused", "a watch was not created");
      if (watch.end === undefined) assert.deepEqual(watch.events, this.#expected(watch).map(nameOf), "missing events");
      assert.ok(!watch.cancelAsked || watch.end !== undefined, "a watch was not canceled");
    }
  }

  onHeaders(): void {}
  onDrain(): void {}

  onEnd(error: GatewayError | undefined): void {
    assert.ok(!this.ended, "the stream ended twice");
    this.ended = true;
    this.error = error;
  }

  onMessage(message: Buffer): void {
    assert.ok(!this.ended, "a response after the end");
    const answer = WatchResponse.decode(message);
    if (answer.created) this.#onCreated(answer);
    else if (isStreamProgress(answer)) this.#onStreamProgress();
    else this.#onNews(answer);
  }

  #onCreated({ watch_id, canceled, cancel_reason, header }: WatchResponse): void {
    const watch = this.watches.find(({ id, end }) => id === undefined && end === undefined);
    assert.ok(watch !== undefined, "a watch was created that nobody asked for");
    const live = this.live;
    if (canceled) {
      assert.ok(cancel_reason === FORBIDDEN || live.some(({ id }) => id === watch.order.id));
      watch.end = "refused";
      return;
    }
    if (this.#choosesIds && watch.order.id !== 0n) assert.equal(watch_id, watch.order.id);
    assert.ok(!live.some(({ id }) => id === watch_id), `the id ${watch_id} was given twice`);
    watch.id = watch_id;
    if (watch.order.revision === 0) watch.from = Number(header?.revision) + 1;
  }

  #onStreamProgress(): void {
    const ofWatch = this.live.some(({ id, order }) => id === -1n && order.progress);
    assert.ok(this.#progressAsked > 0 || ofWatch, "progress that nobody asked for");
  }

  #onNews(answer: WatchResponse): void {
    const watch = this.live.find(({ id }) => id === answer.watch_id);
    assert.ok(watch !== undefined, `a response for watch ${answer.watch_id}, which is not there`);
    const had = watch.events.length;
    for (const { type, kv } of answer.events) {
      assert.ok(kv !== undefined);
      const deleted = type === Event_EventType.DELETE;
      watch.events.push(nameOf({ key: Buffer.from(kv.key).toString(), deleted, revision: Number(kv.mod_revision) }));
    }
    const expected = this.#expected(watch);
    // Ordered, unique, reliable, filtered.
    assert.deepEqual(watch.events, expected.slice(0, watch.events.length).map(nameOf));
    const last = expected[watch.events.length - 1];
    const next = expected[watch.events.length];
    if (answer.canceled) {
      assert.equal(answer.events.length, 0);
      // A cancellation goes by the id: where it crosses the end of one watch, it meets the next that has asked for its id.
      const isCanceled = this.watches.some(({ id, cancelAsked }) => id === watch.id && cancelAsked);
      const isForbidden = answer.cancel_reason === FORBIDDEN;
      if (answer.compact_revision === 0n) assert.ok(isCanceled || isForbidden, "canceled by nobody");
      else if (next !== undefined) assert.ok(watch.from < Number(answer.compact_revision));
      if (isForbidden) watch.end = "refused";
      else watch.end = answer.compact_revision === 0n ? "client" : { compacted: Number(answer.compact_revision) };
    } else if (watch.events.length === had) {
      // Bookmarkable.
      assert.ok(watch.order.progress, "a progress notification that nobody asked for");
      assert.ok(next === undefined || next.revision > Number(answer.header?.revision), "progress beyond the events");
    } else if (!watch.order.fragment) {
      // Atomic.
      assert.ok(!answer.fragment);
      assert.ok(next === undefined || next.revision !== last?.revision, "a revision was split");
    }
  }

  #expected(watch: SeenWatch): StoredChange[] {
    return this.#changes.filter((change) => change.revision >= watch.from && isWatched(watch.order, change));
  }

  #send(request: WatchRequest["request_union"]): void {
    this.#call.send(WatchRequest.encode({ request_union: request }).finish());
  }
}

/** Progress of the stream looks like progress of a watch with the id -1. */
function isStreamProgress({ watch_id, canceled, compact_revision, events }: WatchResponse): boolean {
  return watch_id === -1n && !canceled && compact_revision === 0n && events.length === 0;
}

function nameOf({ key, deleted, revision }: StoredChange): string {
  return `${revision} ${deleted ? "delete" : "put"} ${key}`;
}
