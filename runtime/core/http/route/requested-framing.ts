import { serverSentEvents } from "../../session/server-sent-events.js";
import { newlineDelimited, resultLines, type StreamFraming } from "../../session/stream-framing.js";
import { preferredType } from "./accept.js";

const FRAMINGS = {
  "application/json": resultLines,
  "application/x-ndjson": newlineDelimited,
  "text/event-stream": serverSentEvents,
} as const;

const TYPES = ["application/json", "application/x-ndjson", "text/event-stream"] as const;

/** What a header must have in it to ask for another framing than result lines. */
const SPECIAL = /x-ndjson|event-stream/i;

/** The framing that a request's `Accept` header asks for: result lines, unless it prefers another one. */
export function requestedFraming(accept: string | undefined): StreamFraming {
  if (accept === undefined || !SPECIAL.test(accept)) return resultLines;
  return FRAMINGS[preferredType(accept, TYPES) ?? "application/json"];
}
