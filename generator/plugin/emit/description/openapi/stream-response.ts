import type { JsonObject } from "../../../model/json.js";
import { EVENT_SOURCE_RESPONSE, STREAM_RESPONSE } from "../notes.js";
import type { Operation } from "../operation/operation.js";
import { json } from "./json-content.js";

/**
 * The response of a stream of messages, in each framing that `Accept` can select. A schema describes one line, or the
 * data of one event.
 *
 * @param message the schema of a message
 * @param error the schema of an error that ends the stream
 */
export function streamResponse({ rpc, eventSource }: Operation, message: JsonObject, error: JsonObject): JsonObject {
  const events = { "text/event-stream": { schema: message } };
  if (eventSource) return { description: EVENT_SOURCE_RESPONSE, content: events };
  const line = {
    type: "object",
    title: `Stream result of ${rpc.output}`,
    properties: { result: message, error },
    minProperties: 1,
    maxProperties: 1,
  };
  return {
    description: STREAM_RESPONSE,
    content: { ...json(line), "application/x-ndjson": { schema: message }, ...events },
  };
}
