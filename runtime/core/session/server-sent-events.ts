import type { IncomingHttpHeaders } from "node:http";
import { Status, type StatusCode } from "../errors/status.js";
import type { StreamFraming } from "./stream-framing.js";

/** How long a client should wait before it connects again, in milliseconds. */
const RETRY = 1000;

/** The id of the last event of a stream that is over. A client that comes back with it wants nothing more. */
const OVER = "end";

/** What may pass: a client that comes back may be served. Other errors would only come again. */
const PASSING: ReadonlySet<StatusCode> = new Set([
  Status.CANCELLED,
  Status.UNKNOWN,
  Status.DEADLINE_EXCEEDED,
  Status.RESOURCE_EXHAUSTED,
  Status.ABORTED,
  Status.INTERNAL,
  Status.UNAVAILABLE,
]);

/**
 * Server-sent events: each message is an event, one line of JSON. A stream that fails has an event `error` as its last,
 * one that ends well an event `end`. A browser's `EventSource` connects again whenever a stream ends: if that would be of
 * no use, the last event has an id that {@link isOver} knows when it comes back.
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
    const id = PASSING.has(error.code) ? "" : `id: ${OVER}\n`;
    return `${id}event: error\ndata: ${text}\n\n`;
  },
  errorBody: ({ text }) => text,
};

/** The id of the last event that a client has had, which it sends when it comes back; `undefined`: none. */
export function lastEventId(headers: IncomingHttpHeaders): string | undefined {
  const id = headers["last-event-id"];
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** Whether a client comes back to a stream that is over. */
export function isOver(lastEventId: string | undefined): boolean {
  return lastEventId === OVER;
}
