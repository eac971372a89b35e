import {
  type Event,
  Event_EventType,
  WatchCreateRequest_FilterType,
  WatchRequest,
  WatchResponse,
} from "etcd-gateway/generated";
import { ConnectionBroken } from "../../../runtime/core/errors/connection-broken.js";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import type {
  Call,
  CallOptions,
  StreamCall,
  StreamListener,
  Transport,
  UnaryListener,
} from "../../../runtime/core/transport/transport.js";

/** A change of a key: a put or a deletion. */
export interface Change {
  readonly key: string;
  readonly deleted: boolean;
}

/** A change at a revision. */
export interface StoredChange extends Change {
  readonly revision: number;
}

/**
 * A model of an etcd cluster's watches, without a network. Nothing happens until a test requests it. Each stream is on
 * its own member, which may lag behind. Like etcd, it serves requests in order. The events of a revision arrive in one
 * response, unless the watch has requested fragments. A watch of the past gets a few revisions per response.
 */
export class ModelEtcd implements Transport {
  /** All changes so far, including the compacted ones. */
  readonly changes: StoredChange[] = [];
  revision = 1;
  compacted = 0;
  /** How many revisions the next stream's member lags behind. */
  lag = 0;
  /** The first keys of the ranges that clients may not watch. */
  readonly forbidden = new Set<string>();
  /** Whether clients can choose watch ids, as in etcd 3.4 and later. */
  readonly choosesIds: boolean;
  readonly streams = new Set<ModelStream>();

  constructor(choosesIds: boolean) {
    this.choosesIds = choosesIds;
  }

  /** Commits a transaction. */
  commit(changes: readonly Change[]): void {
    this.revision += 1;
    for (const change of changes) this.changes.push({ ...change, revision: this.revision });
  }

  compact(revision: number): void {
    this.compacted = Math.max(this.compacted, Math.min(revision, this.revision));
  }

  /** Breaks all connections. Data in transit is lost. */
  break(): void {
    for (const stream of [...this.streams]) stream.fail(new ConnectionBroken());
  }

  stream(_path: string, _options: CallOptions, listener: StreamListener): StreamCall {
    const stream = new ModelStream(this, listener, Math.max(this.revision - this.lag, 1));
    this.streams.add(stream);
    return stream;
  }

  unary(_path: string, _request: Uint8Array, _options: CallOptions, _listener: UnaryListener): Call {
    throw new Error("no unary calls here");
  }

  close(): void {}
}

/** The reason for which a watch of a forbidden range is refused. */
export const FORBIDDEN = "etcdserver: permission denied";

interface ModelWatch {
  readonly id: bigint;
  readonly start: string;
  readonly end: string;
  readonly filters: readonly WatchCreateRequest_FilterType[];
  readonly progress: boolean;
  readonly fragment: boolean;
  /** The first revision whose events it has not received. */
  next: number;
}

/** The maximum number of revisions in a response for a watch of the past, and of events in one with fragments. */
const MOST_REVISIONS = 3;
const MOST_EVENTS = 2;

/** A watch stream on one member. */
export class ModelStream implements StreamCall {
  readonly #etcd: ModelEtcd;
  readonly #listener: StreamListener;
  readonly #inbox: WatchRequest[] = [];
  readonly #outbox: WatchResponse[] = [];
  readonly #watches = new Map<bigint, ModelWatch>();
  #nextId = 0n;
  #applied: number;
  #halfClosed = false;
  #over = false;

  constructor(etcd: ModelEtcd, listener: StreamListener, applied: number) {
    this.#etcd = etcd;
    this.#listener = listener;
    this.#applied = applied;
  }

  send(message: Uint8Array): boolean {
    if (this.#halfClosed) throw new Error("a request after the end");
    this.#inbox.push(WatchRequest.decode(message));
    return true;
  }

  end(): void {
    if (this.#halfClosed) throw new Error("a second end");
    this.#halfClosed = true;
  }

  pause(): void {}
  resume(): void {}

  cancel(): void {
    this.fail(new GatewayError(Status.CANCELLED, "canceled"));
  }

  fail(error: GatewayError): void {
    if (this.#over) return;
    this.#over = true;
    this.#etcd.streams.delete(this);
    this.#listener.onEnd(error, []);
  }

  /** Makes the member apply up to a number of revisions. */
  apply(most: number): void {
    for (let i = 0; i < most && this.#applied < this.#etcd.revision; i++) {
      this.#applied += 1;
      for (const watch of this.#watches.values()) this.#sync(watch);
    }
  }

  /** Makes the member serve up to a number of requests. */
  serve(most: number): void {
    for (const request of this.#inbox.splice(0, most)) this.#serve(request);
  }

  /** Delivers up to a number of responses. */
  deliver(most: number): void {
    for (let i = 0; i < most && !this.#over; i++) {
      const answer = this.#outbox.shift();
      if (answer === undefined) return;
      this.#listener.onMessage(Buffer.from(WatchResponse.encode(answer).finish()));
    }
  }

  /** Sends the progress notifications that are due. */
  notifyProgress(): void {
    for (const { id, progress, next } of this.#watches.values()) {
      if (progress && next >= 0) this.#answer({ watch_id: id });
    }
  }

  get quiet(): boolean {
    return this.#inbox.length === 0 && this.#outbox.length === 0 && this.#applied === this.#etcd.revision;
  }

  #serve({ request_union: request }: WatchRequest): void {
    switch (request?.$case) {
      case "create_request": {
        const { key, range_end, start_revision, filters, progress_notify, fragment, watch_id } = request.value;
        const chosen = this.#etcd.choosesIds ? watch_id : 0n;
        if (this.#etcd.forbidden.has(Buffer.from(key).toString())) {
          this.#answer({ watch_id: -1n, created: true, canceled: true, cancel_reason: FORBIDDEN });
          return;
        }
        if (chosen !== 0n && this.#watches.has(chosen)) {
          this.#answer({ watch_id: -1n, created: true, canceled: true, cancel_reason: "mvcc: duplicate watch ID" });
          return;
        }
        while (chosen === 0n && this.#watches.has(this.#nextId)) this.#nextId += 1n;
        const id = chosen === 0n ? this.#nextId++ : chosen;
        const start = start_revision === 0n ? this.#applied + 1 : Number(start_revision);
        const watch: ModelWatch = {
          id,
          start: Buffer.from(key).toString(),
          end: Buffer.from(range_end).toString(),
          filters,
          progress: progress_notify,
          fragment,
          next: start,
        };
        this.#watches.set(id, watch);
        this.#answer({ watch_id: id, created: true });
        this.#sync(watch);
        return;
      }
      case "cancel_request":
        if (this.#watches.delete(request.value.watch_id)) {
          this.#answer({ watch_id: request.value.watch_id, canceled: true });
        }
        return;
      case "progress_request":
        this.#answer({ watch_id: -1n });
    }
  }

  /** Sends a watch the events that it lacks. */
  #sync(watch: ModelWatch): void {
    if (watch.next > this.#applied) return;
    const compacted = Math.min(this.#etcd.compacted, this.#applied);
    if (watch.next < compacted) {
      this.#watches.delete(watch.id);
      this.#answer({ watch_id: watch.id, canceled: true, compact_revision: BigInt(compacted) });
      return;
    }
    const due = this.#etcd.changes.filter(
      (change) => change.revision >= watch.next && change.revision <= this.#applied && isWatched(watch, change),
    );
    watch.next = this.#applied + 1;
    const revisions = [...new Set(due.map(({ revision }) => revision))];
    while (revisions.length > 0) {
      const batch = revisions.splice(0, MOST_REVISIONS);
      const events = due.filter(({ revision }) => batch.includes(revision)).map(toEvent);
      const most = watch.fragment ? MOST_EVENTS : events.length;
      while (events.length > 0) {
        const some = events.splice(0, most);
        this.#answer({ watch_id: watch.id, events: some, fragment: events.length > 0 });
      }
    }
  }

  #answer(answer: Partial<WatchResponse>): void {
    const header = { cluster_id: 1n, member_id: 1n, revision: BigInt(this.#applied), raft_term: 1n };
    this.#outbox.push(WatchResponse.fromPartial({ header, ...answer }));
  }
}

/** Whether a watch receives a change. */
export function isWatched(
  watch: {
    readonly start: string;
    readonly end: string;
    readonly filters: readonly WatchCreateRequest_FilterType[];
  },
  { key, deleted }: Change,
): boolean {
  const inRange = watch.end === "" ? key === watch.start : key >= watch.start && key < watch.end;
  const { NOPUT, NODELETE } = WatchCreateRequest_FilterType;
  return inRange && !watch.filters.includes(deleted ? NODELETE : NOPUT);
}

function toEvent({ key, deleted, revision }: StoredChange): Event {
  const kv = {
    key: Buffer.from(key),
    create_revision: deleted ? 0n : BigInt(revision),
    mod_revision: BigInt(revision),
    version: deleted ? 0n : 1n,
    value: deleted ? Buffer.alloc(0) : Buffer.from(`value at ${revision}`),
    lease: 0n,
  };
  return { type: deleted ? Event_EventType.DELETE : Event_EventType.PUT, kv, prev_kv: undefined };
}
