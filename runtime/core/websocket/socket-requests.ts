import type { GatewayError } from "../errors/gateway-error.js";
import type { ServedRoute } from "../http/exchange.js";
import { ByteAccumulator } from "../session/byte-accumulator.js";
import { ByteChunks } from "../session/byte-chunks.js";
import type { CallSession } from "../session/call-session.js";
import type { IncompleteRequests } from "../session/incomplete-requests.js";
import { JsonSequence } from "../session/json-sequence.js";

/** Reads the frames of a client. */
export interface SocketRequests {
  /** Reads the next frame. If this throws, the session ends. */
  take(frame: Buffer): void;
  /** Drops an incomplete message. No frame may follow. */
  drop(): void;
}

/** Limits for the messages of a client. */
export interface SocketRequestsOptions {
  /** The longest message, in bytes. */
  readonly limit: number;
  /** Count the bytes of incomplete messages. */
  readonly incompleteRequests: IncompleteRequests;
  /** Called if `incompleteRequests` have too many bytes. */
  reject(reason: GatewayError): void;
  /** Called if the client's frames must not be read for now. */
  onFull(): void;
}

/**
 * Creates the object that reads a route's request messages from a client's frames. Like the chunks of HTTP, frames
 * are pieces of one text: a frame may have several JSON values, and a value may have several frames. But a bare word
 * ends with its frame.
 */
export function socketRequests(
  route: ServedRoute,
  session: CallSession,
  options: SocketRequestsOptions,
): SocketRequests {
  if (!route.request.readsBody) return { take() {}, drop() {} };
  return route.rpc.method.requestStream
    ? streamedMessages(route, session, options)
    : onlyMessage(route, session, options);
}

function streamedMessages(
  { request }: ServedRoute,
  session: CallSession,
  { limit, incompleteRequests, reject, onFull }: SocketRequestsOptions,
): SocketRequests {
  const messages = request.raw ? new ByteChunks(limit) : new JsonSequence(limit, incompleteRequests, reject);
  const onMessage = (body: Buffer): void => {
    if (!session.send(body)) onFull();
  };
  return {
    take(frame) {
      messages.push(frame, onMessage);
      messages.flush(onMessage);
      // A WebSocket cannot be closed in one direction only, so an empty frame marks the end of the requests.
      if (frame.length === 0) session.end();
    },
    drop() {
      messages.drop();
    },
  };
}

/**
 * Data after the message in the same frame is included, so that it is rejected. Frames after the call has begun are
 * dropped.
 */
function onlyMessage(
  { request }: ServedRoute,
  session: CallSession,
  { limit, incompleteRequests, reject }: SocketRequestsOptions,
): SocketRequests {
  const body = new ByteAccumulator(limit, incompleteRequests, reject);
  const values = new JsonSequence(limit, incompleteRequests, reject);
  let isComplete = request.raw;
  const onValue = (): void => {
    isComplete = true;
  };
  return {
    take(frame) {
      if (session.isCalled) return;
      body.append(frame);
      if (!isComplete) {
        values.push(frame, onValue);
        values.flush(onValue);
      }
      if (!isComplete) return;
      values.drop();
      session.sendOnly(body.take());
    },
    drop() {
      body.drop();
      values.drop();
    },
  };
}
