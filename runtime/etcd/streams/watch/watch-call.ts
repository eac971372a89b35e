import type { Call, CallOptions, StreamListener } from "@etcd-gateway/runtime";
import { Fifo } from "@etcd-gateway/runtime/transports";
import { ResumableCall, type ResumeContext } from "../resumable-call.js";
import { cancelReasonError } from "./cancel-reason-error.js";
import { checkCompaction } from "./compaction-check.js";
import { WatchIds } from "./watch-ids.js";
import { cancelRequest, progressRequest, readWatchRequest, type WatchAction } from "./watch-request.js";
import {
  isStreamProgress,
  readWatchResponse,
  rejectedResponse,
  type WatchNews,
  withWatchId,
} from "./watch-response.js";
import { Watcher } from "./watcher.js";

/** How many requests for progress may wait for a response while there are no watches. */
const MOST_IN_VAIN = 100;

/**
 * A resumable `Watch` call with any number of watches on one stream. On a new connection, each watch is created again
 * at the revision after the last one that the client has received, and keeps the id that the client knows.
 *
 * The stream ends when etcd has canceled its last watch. It also ends when the client has canceled its last watch and
 * can create no more.
 */
export class WatchCall extends ResumableCall<WatchNews> {
  /** Whether to report a refusal by status, as long as the client has received no response. */
  readonly #byStatus: boolean;
  /** All watches whose end the client has not been told, in the order of their requests. */
  readonly #watchers = new Set<Watcher>();
  readonly #ids = new WatchIds();
  /** The watches created on the current connection, by etcd's id. */
  readonly #byEtcdId = new Map<bigint, Watcher>();
  /** The watches whose creation is pending on the current connection. etcd responds in order. */
  readonly #awaited = new Fifo<Watcher>();
  /**
   * The ids that the client canceled before it knew them, with the number of creations so far. They are as many as the
   * watches that a stream may have, at most: a client that cancels more does not mean its watches.
   */
  readonly #earlyCancels = new Map<bigint, number>();
  #created = 0;
  /** The number of pending watches to cancel as soon as they are created again. */
  #lateCancels = 0;
  /** The creations that must wait for these cancellations, because they may request the same id. */
  #heldBack: Watcher[] = [];
  #progressAsked = false;
  /** How many requests for progress etcd has got without a watch since it responded to the last one. */
  #askedInVain = 0;
  /** Whether watches have been created on behalf of the client instead of forwarding its requests. */
  #replayed = false;
  #check: Call | undefined;

  constructor(context: ResumeContext, path: string, options: CallOptions, listener: StreamListener, byStatus: boolean) {
    super(context, path, options, listener);
    this.#byStatus = byStatus;
  }

  override start(): void {
    // To report a refusal by status, the first request may require a check before the watch begins.
    if (!this.#byStatus) super.start();
  }

  protected override onBreak(): void {
    for (const watcher of this.#watchers) {
      if (!watcher.cancelAsked) continue;
      this.#forget(watcher);
      this.#confirmCancel(watcher);
    }
  }

  protected override onOpen(): void {
    this.#byEtcdId.clear();
    this.#awaited.clear();
    this.#lateCancels = 0;
    this.#heldBack = [];
    this.#askedInVain = 0;
    if (this.#watchers.size > 0) this.#replayed = true;
    for (const watcher of this.#watchers) this.#create(watcher);
    if (this.#progressAsked) this.transmit(progressRequest());
    if (this.ended && this.#created === 0) this.halfClose();
  }

  protected override onRequest(message: Uint8Array): void {
    const action = actionOf(message);
    switch (action.type) {
      case "create": {
        if (this.#watchers.size >= this.context.maxWatches) {
          const reason = `too many watches (${this.context.maxWatches}) on this stream: open another stream`;
          process.nextTick(() => this.deliver(rejectedResponse(reason)));
          return;
        }
        this.#created += 1;
        const watcher = new Watcher(action.create, this.#created);
        this.#watchers.add(watcher);
        this.#ids.reserve(watcher);
        if (this.open) this.#create(watcher, message);
        else if (this.#byStatus && this.#created === 1) this.#connectAfterCheck(watcher);
        return;
      }
      case "cancel":
        this.#cancel(action.watchId, message);
        break;
      case "progress":
        this.#progressAsked = true;
        if (this.open && this.#mayAskProgress()) this.transmit(message);
        break;
      case "none":
        break;
      case "other":
        if (this.open) this.transmit(message);
    }
    if (this.#byStatus && !this.open && this.#created === 0) this.connect();
  }

  /**
   * Does not forward the end of the requests if there are watches, because etcd's gRPC proxy would then end the
   * watches.
   */
  protected override onRequestsEnd(): void {
    if (this.#created > 0) {
      if (this.#isIdle) process.nextTick(() => this.finish());
    } else if (this.open) this.halfClose();
    else if (this.#byStatus) this.connect();
  }

  protected override read(message: Buffer): WatchNews {
    return readWatchResponse(message);
  }

  protected override onResponse(message: Buffer, news: WatchNews): void {
    if (news.created) this.#onCreated(message, news);
    else if (isStreamProgress(news)) this.#onStreamProgress(message);
    else this.#onNews(message, news);
  }

  protected override onClose(): void {
    this.#check?.cancel();
    this.#check = undefined;
  }

  protected override get awaits(): boolean {
    return !this.#isIdle;
  }

  protected override get complete(): boolean {
    return false;
  }

  /** Whether no more responses can come, unless the client creates another watch. */
  get #isIdle(): boolean {
    return this.#watchers.size === 0 && !this.#progressAsked;
  }

  #connectAfterCheck(watcher: Watcher): void {
    const { create } = watcher;
    if (create.startRevision <= 0n) {
      this.connect();
      return;
    }
    this.#check = checkCompaction(this.context.transport, create, this.options, (error) => {
      this.#check = undefined;
      if (error === undefined) this.connect();
      else this.finish(error);
    });
  }

  /**
   * Creates a watch at etcd. `message` is the client's request, or `undefined` if it was sent on an earlier connection.
   */
  #create(watcher: Watcher, message?: Uint8Array): void {
    if (this.#lateCancels > 0) {
      this.#heldBack.push(watcher);
      return;
    }
    this.#awaited.push(watcher);
    if (this.#replayed) this.transmit(watcher.requestAnew(this.#ids.plan(watcher)));
    else if (message !== undefined && this.context.timeout === 0) this.transmit(message);
    else this.transmit(watcher.request());
  }

  /**
   * Whether to pass on a request for progress. If there are no watches, etcd 3.4 responds to each, and 3.5 to none. A
   * `SignedInStream` keeps the requests until there is a response, so there must not be any number of them.
   */
  #mayAskProgress(): boolean {
    if (this.#watchers.size > 0) return true;
    this.#askedInVain += 1;
    return this.#askedInVain <= MOST_IN_VAIN;
  }

  #cancel(id: bigint, message: Uint8Array): void {
    const watcher = this.#ids.get(id);
    if (watcher?.cancelAsked === true) return;
    if (watcher !== undefined) {
      watcher.cancelAsked = true;
      if (!this.open) {
        this.#forget(watcher);
        process.nextTick(() => this.#confirmCancel(watcher));
      } else if (this.#byEtcdId.get(watcher.etcdId) === watcher) {
        this.transmit(watcher.etcdId === id ? message : cancelRequest(watcher.etcdId));
      } else {
        this.#lateCancels += 1;
      }
      return;
    }
    // etcd has no watch with this id, unless it creates one now. It says nothing of a cancellation of an unknown watch.
    if (this.#watchers.size === this.#ids.size) return;
    if (this.#earlyCancels.size < this.context.maxWatches) this.#earlyCancels.set(id, this.#created);
    // After a reconnection, another watch may have this id at etcd.
    if (this.open && !this.#replayed) this.transmit(message);
  }

  #onCreated(message: Buffer, news: WatchNews): void {
    const watcher = this.#awaited.shift();
    if (watcher === undefined) {
      this.deliver(message);
      return;
    }
    const isNew = watcher.id === undefined;
    if (news.canceled) {
      if (this.#byStatus && !this.delivered) {
        this.finish(cancelReasonError(news.cancelReason));
        return;
      }
      this.#forget(watcher);
      this.deliver(watcher.id === undefined ? message : withWatchId(message, watcher.id, { created: false }));
      if (watcher.cancelAsked) this.#onLateCancel();
      this.#afterCancel(!watcher.cancelAsked);
      return;
    }
    watcher.onCreated(news);
    this.#byEtcdId.set(news.watchId, watcher);
    if (isNew) {
      const id = this.#ids.assign(watcher, this.#replayed);
      const canceled = this.#earlyCancels.get(id);
      if (canceled !== undefined && canceled >= watcher.order) watcher.cancelAsked = true;
      this.deliver(watcher.named(message));
    }
    if (watcher.cancelAsked && this.#replayed) this.#cancelLate(watcher, isNew);
    if (this.#awaited.length === 0) this.#earlyCancels.clear();
  }

  #cancelLate(watcher: Watcher, isNew: boolean): void {
    this.transmit(cancelRequest(watcher.etcdId));
    if (!isNew) this.#onLateCancel();
  }

  /** Creates the watches that were held back, if no cancellation is left that they must wait for. */
  #onLateCancel(): void {
    this.#lateCancels -= 1;
    if (this.#lateCancels === 0) for (const held of this.#heldBack.splice(0)) this.#create(held);
  }

  /** Confirms a cancellation in place of etcd, which no longer has the watch. */
  #confirmCancel(watcher: Watcher): void {
    this.deliver(watcher.canceled());
    this.#afterCancel(false);
  }

  #onStreamProgress(message: Buffer): void {
    this.#progressAsked = false;
    this.#askedInVain = 0;
    this.deliver(message);
    if (this.ended && this.#created > 0 && this.#isIdle) this.finish();
  }

  #onNews(message: Buffer, news: WatchNews): void {
    const watcher = this.#byEtcdId.get(news.watchId);
    if (watcher === undefined) {
      if (!this.#replayed) this.deliver(message);
      return;
    }
    const response = watcher.onNews(message, news);
    if (news.canceled) this.#forget(watcher);
    if (response !== undefined) this.deliver(response);
    if (news.canceled) this.#afterCancel(!watcher.cancelAsked);
  }

  #forget(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    this.#ids.release(watcher);
    if (this.#byEtcdId.get(watcher.etcdId) === watcher) this.#byEtcdId.delete(watcher.etcdId);
  }

  #afterCancel(byEtcd: boolean): void {
    if (this.#watchers.size === 0 && (byEtcd || (this.ended && this.#isIdle))) this.finish();
  }
}

/** Reads a request. Bytes that cannot be read here are forwarded, so that etcd reports the error. */
function actionOf(message: Uint8Array): WatchAction {
  try {
    return readWatchRequest(message);
  } catch {
    return { type: "other" };
  }
}
