import type { ServedRoute } from "../http/exchange.js";
import { ByteAccumulator } from "../session/byte-accumulator.js";
import { ByteChunks } from "../session/byte-chunks.js";
import type { CallSession } from "../session/call-session.js";
import { JsonSequence } from "../session/json-sequence.js";

/** Takes the next frame of a client. What it throws ends the session. */
export type TakeFrame = (frame: Buffer) => void;

/**
 * Reads the request messages of a route from a client's frames. Frames are the pieces of one text, as HTTP's chunks are:
 * there may be several JSON values in one, or one in several; but where a frame ends, so does a bare word.
 *
 * @param limit the longest message, in bytes
 * @param onFull no more frames, please, for now
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
    // A socket cannot be closed on one side only: the end of the requests needs another sign.
    if (frame.length === 0) session.end();
  };
}

/** What is in the frame behind the message goes with it, to be refused; what comes when the call is under way is dropped. */
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
