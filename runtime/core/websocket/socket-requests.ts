import type { ServedRoute } from "../http/exchange.js";
import { ByteAccumulator } from "../session/byte-accumulator.js";
import { ByteChunks } from "../session/byte-chunks.js";
import type { CallSession } from "../session/call-session.js";
import { JsonSequence } from "../session/json-sequence.js";

/** Reads the next frame of a client. If this throws, the session ends. */
export type TakeFrame = (frame: Buffer) => void;

/**
 * Creates the function that reads a route's request messages from a client's frames. Like the chunks of HTTP, frames
 * are pieces of one text: a frame may have several JSON values, and a value may have several frames. But a bare word
 * ends with its frame.
 *
 * @param limit the longest message, in bytes
 * @param onFull called if the client's frames must not be read for now
 */
export function socketRequests(route: ServedRoute, session: CallSession, limit: number, onFull: () => void): TakeFrame {
  if (!route.request.readsBody) return () => {};
  return route.rpc.method.requestStream
    ? streamedMessages(route, session, limit, onFull)
    : onlyMessage(route, session, limit);
}

function streamedMessages(
  { request }: ServedRoute,
  session: CallSession,
  limit: number,
  onFull: () => void,
): TakeFrame {
  const messages = request.raw ? new ByteChunks(limit) : new JsonSequence(limit);
  const onMessage = (body: Buffer): void => {
    if (!session.send(body)) onFull();
  };
  return (frame) => {
    messages.push(frame, onMessage);
    messages.flush(onMessage);
    // A WebSocket cannot be closed in one direction only, so an empty frame marks the end of the requests.
    if (frame.length === 0) session.end();
  };
}

/**
 * Data after the message in the same frame is included, so that it is rejected. Frames after the call has begun are
 * dropped.
 */
function onlyMessage({ request }: ServedRoute, session: CallSession, limit: number): TakeFrame {
  const body = new ByteAccumulator(limit);
  const values = new JsonSequence(limit);
  let isComplete = request.raw;
  const onValue = (): void => {
    isComplete = true;
  };
  return (frame) => {
    if (session.isCalled) return;
    body.append(frame);
    if (!isComplete) {
      values.push(frame, onValue);
      values.flush(onValue);
    }
    if (isComplete) session.sendOnly(body.take());
  };
}
