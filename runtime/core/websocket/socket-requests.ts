import type { ServedRoute } from "../http/served-route.js";
import type { FrameSource } from "../session/backpressure.js";
import { ByteAccumulator } from "../session/byte-accumulator.js";
import { ByteChunks } from "../session/byte-chunks.js";
import type { CallSession } from "../session/call-session.js";
import { JsonSequence } from "../session/json-sequence.js";
import type { IncompleteRequest } from "../session/limit/incomplete-requests.js";
import { RequestFeed } from "../session/request-feed.js";

/** Reads the frames of a client. */
export interface SocketRequests {
  /** Reads the next frame. If this throws, the session ends. */
  take(frame: Buffer): void;
  /** The call accepts messages again. */
  resume(): void;
  /** Drops what the call has not received. No frame may follow. */
  drop(): void;
}

/** Limits for the messages of a client. */
export interface SocketRequestsOptions {
  /** The longest message, in bytes. */
  readonly limit: number;
  /** Counts the bytes of messages that are incomplete or wait. */
  readonly request: IncompleteRequest;
  /** The client's frames. */
  readonly source: FrameSource;
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
  if (!route.requestTranscoder.readsBody) return { take() {}, resume() {}, drop() {} };
  return route.rpc.method.requestStream
    ? streamedMessages(route, session, options)
    : onlyMessage(route, session, options);
}

function streamedMessages(
  { requestTranscoder }: ServedRoute,
  session: CallSession,
  { limit, request, source }: SocketRequestsOptions,
): SocketRequests {
  const messages = requestTranscoder.raw ? new ByteChunks(limit) : new JsonSequence(limit, request);
  const feed = new RequestFeed(messages, true, source, request, {
    onMessage: (body) => session.send(body),
    onEnd: () => session.end(),
    onError: (error) => session.fail(error),
  });
  return {
    take(frame) {
      // A WebSocket cannot be closed in one direction only, so an empty frame marks the end of the requests.
      if (frame.length === 0) feed.end();
      else feed.push(frame);
    },
    resume() {
      feed.resume();
    },
    drop() {
      feed.stop();
    },
  };
}

/**
 * Data after the message in the same frame is included, so that it is rejected. Frames after the call has begun are
 * dropped.
 */
function onlyMessage(
  { requestTranscoder }: ServedRoute,
  session: CallSession,
  { limit, request }: SocketRequestsOptions,
): SocketRequests {
  const body = new ByteAccumulator(limit, request);
  const values = new JsonSequence(limit, request);
  let isComplete = requestTranscoder.raw;
  return {
    take(frame) {
      if (session.isCalled) return;
      body.append(frame);
      if (!isComplete) {
        values.push(frame);
        isComplete = values.next() !== undefined || values.flush() !== undefined;
      }
      if (!isComplete) return;
      values.drop();
      session.sendOnly(body.take());
    },
    resume() {},
    drop() {
      body.drop();
      values.drop();
    },
  };
}
