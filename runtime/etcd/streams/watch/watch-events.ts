import { GatewayError, Status, type StreamEvents } from "@etcd-gateway/runtime";
import { createRequest, readWatchRequest } from "./watch-request.js";
import { readWatchResponse, type WatchNews } from "./watch-response.js";

/** The revision before which there is none. */
const NONE = -1n;
const HIGHEST = 2n ** 63n - 1n;

/** The watch id of answers that are about the whole stream. */
const WHOLE_STREAM = -1n;

/**
 * Numbers what comes on a watch stream by the store's revisions: an id `N` says that the client has had all events up to
 * revision N, and a client that comes back with it gets a watch from N + 1 on.
 *
 * Only the one watch of a stream can be numbered. With several, which may be at different revisions, there are no ids.
 *
 * @param last the revision of the last event that the client has had
 * @throws GatewayError `INVALID_ARGUMENT` if that is no revision
 */
export function watchEvents(last: string | undefined): StreamEvents {
  return new WatchEvents(last === undefined ? undefined : revisionOf(last));
}

class WatchEvents implements StreamEvents {
  readonly #last: bigint | undefined;
  #watches = 0;
  /** Whether the watch begins at the revision at which etcd creates it. */
  #fromNow = false;
  /** The client has, or does not want, what happened up to this revision. */
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
    this.#fromNow = startRevision === 0n;
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

  /** The revision up to which the client has all events with an answer; `undefined`: it does not say. */
  #reached({ created, canceled, fragment, watchId, headerRevision, lastRevision }: WatchNews): bigint | undefined {
    // Of a revision that is cut into fragments there may be more.
    if (canceled || fragment) return undefined;
    // The header has the store's revision, and may be ahead of the events.
    if (lastRevision !== undefined) return lastRevision;
    if (created) return this.#fromNow ? headerRevision : undefined;
    // Progress. Up to etcd 3.4.24 and 3.5.7, that of the whole stream may overtake events (etcd issue 15220).
    return watchId === WHOLE_STREAM ? undefined : headerRevision;
  }
}

function revisionOf(id: string): bigint {
  const revision = /^\d{1,19}$/.test(id) ? BigInt(id) : HIGHEST;
  if (revision < HIGHEST) return revision;
  throw new GatewayError(
    Status.INVALID_ARGUMENT,
    `bad Last-Event-ID ${JSON.stringify(id.slice(0, 64))}: it must be a revision, the id of an event of this watch`,
  );
}
