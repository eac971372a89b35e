import { GatewayError, Status, type StreamEvents } from "@etcd-gateway/runtime";
import { createRequest, readWatchRequest } from "./watch-request.js";
import { isStreamProgress, readWatchResponse, type WatchNews } from "./watch-response.js";

/** The position before the first revision. */
const NONE = -1n;
const HIGHEST = 2n ** 63n - 1n;

/**
 * Gives the events of a watch stream ids, which are revisions of the store. The id `N` means that the client has
 * received all events up to revision N. A client that reconnects with it gets a watch from N + 1 on.
 *
 * Only a stream with a single watch has ids. Several watches may be at different revisions.
 *
 * @param last the revision of the last event that the client has received
 * @throws GatewayError `INVALID_ARGUMENT` if it is not a revision
 */
export function watchEvents(last: string | undefined): StreamEvents {
  return new WatchEvents(last === undefined ? undefined : revisionOf(last));
}

class WatchEvents implements StreamEvents {
  readonly #last: bigint | undefined;
  #watches = 0;
  /** Whether the watch begins at the revision at which etcd creates it. That is so for a negative revision, too. */
  #fromNow = false;
  /** The revision up to which the client has all events, or does not want them. */
  #position = NONE;

  constructor(last: bigint | undefined) {
    this.#last = last;
  }

  request(wire: Uint8Array): Uint8Array {
    const action = readWatchRequest(wire);
    if (action.type !== "create") return wire;
    this.#watches += 1;
    if (this.#watches > 1) return wire;
    const { create } = action;
    const isBehind = this.#last !== undefined && this.#last >= create.startRevision;
    const startRevision = isBehind ? this.#last + 1n : create.startRevision;
    this.#fromNow = startRevision <= 0n;
    this.#position = startRevision - 1n;
    return isBehind ? createRequest(create, { startRevision }) : wire;
  }

  id(wire: Buffer): string | undefined {
    if (this.#watches !== 1) return "";
    const reached = this.#reached(readWatchResponse(wire));
    if (reached === undefined || reached <= this.#position) return undefined;
    this.#position = reached;
    return String(reached);
  }

  /**
   * Returns the revision up to which the client has all events after a response, or `undefined` if the response does
   * not determine it.
   */
  #reached(news: WatchNews): bigint | undefined {
    const { created, canceled, fragment, headerRevision, lastRevision } = news;
    // If a revision is split into fragments, more of its events may follow.
    if (canceled || fragment) return undefined;
    // The header contains the revision of the store, which may be ahead of the events.
    if (lastRevision !== undefined) return lastRevision;
    if (created) return this.#fromNow ? headerRevision : undefined;
    // A progress notification. In etcd up to 3.4.24 and 3.5.7, one for the whole stream may overtake events (etcd issue
    // 15220).
    return isStreamProgress(news) ? undefined : headerRevision;
  }
}

function revisionOf(id: string): bigint {
  const revision = /^\d{1,19}$/.test(id) ? BigInt(id) : HIGHEST;
  if (revision < HIGHEST) return revision;
  throw new GatewayError(
    Status.INVALID_ARGUMENT,
    `invalid Last-Event-ID ${JSON.stringify(id.slice(0, 64))}: expected a revision, the id of an event of this watch`,
  );
}
