import { serverSentEvents } from "../../session/server-sent-events.js";
import { newlineDelimited, resultLines, type StreamFraming } from "../../session/stream-framing.js";
import { preferredType } from "./accept.js";

const FRAMINGS = {
  "application/json": resultLines,
  "application/x-ndjson": newlineDelimited,
  "text/event-stream": serverSentEvents,
} as const;

const TYPES = ["application/json", "application/x-ndjson", "text/event-stream"] as const;

/** A header without any of these asks for result lines. */
const SPECIAL = /x-ndjson|event-stream/i;

/** Returns the framing that a request's `Accept` header asks for: result lines, unless it prefers another one. */
export function requestedFraming(accept: string | undefined): StreamFraming {
  if (accept === undefined || !SPECIAL.test(accept)) return resultLines;
  return FRAMINGS[preferredType(accept, TYPES) ?? "application/json"];
}
