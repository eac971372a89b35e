import type { IncomingHttpHeaders } from "node:http";
import { Status, type StatusCode } from "../errors/status.js";
import type { StreamFraming } from "./stream-framing.js";

/** How long a client should wait before it reconnects, in milliseconds. */
const RETRY = 1000;

/** The id of the last event of a stream that is over. A client that reconnects with it needs no further events. */
const OVER = "end";

/** The codes of errors that may be temporary, so that reconnecting may help. Other errors would occur again. */
const RECONNECTABLE: ReadonlySet<StatusCode> = new Set([
  Status.CANCELLED,
  Status.UNKNOWN,
  Status.DEADLINE_EXCEEDED,
  Status.RESOURCE_EXHAUSTED,
  Status.ABORTED,
  Status.INTERNAL,
  Status.UNAVAILABLE,
]);

/**
 * Server-sent events: each message is an event with one line of JSON. If a stream fails, its last event is `error`. If
 * it ends without an error, its last event is `end`. A browser's `EventSource` reconnects whenever a stream ends. If
 * that would be useless, the last event has an id that {@link isOver} recognizes when the browser reconnects.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export const serverSentEvents: StreamFraming = {
  name: "sse",
  contentType: "text/event-stream",
  opening: `retry: ${RETRY}\n\n`,
  prefix: "data: ",
  suffix: "\n\n",
  ending: `id: ${OVER}\nevent: end\ndata: {}\n\n`,
  heartbeat: ":\n\n",
  id: (id) => `id: ${id}\n`,
  error: ({ error, text }) => {
    const id = RECONNECTABLE.has(error.code) ? "" : `id: ${OVER}\n`;
    return `${id}event: error\ndata: ${text}\n\n`;
  },
  errorBody: ({ text }) => text,
};

/** Returns the id of the last event that a client has received, or `undefined`. Clients send it when they reconnect. */
export function lastEventId(headers: IncomingHttpHeaders): string | undefined {
  const id = headers["last-event-id"];
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** Whether a client reconnects to a stream that is over. */
export function isOver(lastEventId: string | undefined): boolean {
  return lastEventId === OVER;
}
