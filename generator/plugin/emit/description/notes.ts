import type { JsonOptions } from "../../plugin-options.js";
import { paragraphs } from "./prose.js";

/** How requests and responses are written, as far as schemas cannot express it or would repeat it everywhere. */
export function jsonNotes({ jsonNames, defaults, unknownFields }: JsonOptions): string {
  const otherNames = jsonNames === "proto" ? "in lowerCamel" : "as the proto files do";
  const omission =
    defaults === "omit"
      ? "A field that has its default value is left out of responses;"
      : "Responses have every field, with its default value if it is not set, save for messages and for what is in a " +
        "oneof or declared `optional`;";
  const unknown =
    unknownFields === "ignore"
      ? "Unknown fields of a request are ignored, or rejected if the gateway is told to be strict."
      : "Unknown fields of a request are rejected.";
  return paragraphs(`## JSON

- Requests may name fields ${otherNames} too. ${omission}
\`null\` in a request is the same as leaving it out. ${unknown}
- 64-bit integers are strings in responses, because many readers of JSON round numbers beyond 2^53. Requests may write every
number as a string or as a number, also where the schema, being that of a response too, shows only strings.
- Bytes are base64. Requests may also use the URL-safe alphabet and leave out the padding.
- Enum values are written by name; requests may use their numbers too. A number that has no name is written as a number.
- The body of a request is read as JSON whatever its \`Content-Type\` says. No body is an empty object.`);
}

/** The format of a stream of responses. */
export const STREAM_NOTES: string = paragraphs(`## Streams

An operation with a stream of responses sends one JSON object per line, each as soon as it is available:
\`{"result": ...}\`, and as the last line \`{"error": ...}\` if the stream fails. If it fails before the first message, the
response has the HTTP status of the error. The schema is that of one line.

An operation with a stream of requests takes one or more JSON values, one after another, in its body, and forwards each as it
arrives. The schema is that of one value.`);

/** How to call an operation over WebSocket. No schema can express this. */
export const WEBSOCKET_NOTES: string = paragraphs(`## WebSocket

Every path also takes a WebSocket, if the server has them switched on. One socket is one call. Its URL is that of the
operation, query and all, with \`ws\` in place of \`http\`; of a path with several methods it calls \`POST\`. Over it, a client can
send values while responses come.

- **You send** JSON values of the request's schema, as text or as bytes. An empty frame ends a stream of requests. Without a
stream of requests, one value is the whole request. If the operation has no request body, you send nothing.
- **You get** a text frame for each response of a stream, \`{"result": ...}\`, or else one with the response itself.
What is bytes over HTTP comes in binary frames.
- **At the end** the server closes the socket: with the code 1000 after success, and with 4000 plus the gRPC status code after
an error, such as 4005 for \`NOT_FOUND\`. The last frame before such a close is the error as JSON; the reason of the close is its
message. 1009 means that a frame was too large. You cancel a call if you close the socket.
- **The token** goes into the handshake, as a header. Browsers cannot set one: they send it as a subprotocol, as in
\`new WebSocket(url, ["Bearer", token])\`.`);

/** How a client can send requests while it receives responses. */
export const WEBSOCKET_REQUEST = "Over WebSocket, you can send them one at a time, while responses come.";

/** The format of errors. */
export const ERROR_NOTES: string = paragraphs(`## Errors

An error is \`{"code": ..., "message": ...}\` with the gRPC status code, and its HTTP status stands for that code: 400 for a
request that is malformed or cannot be carried out, 401 without a valid token, 403 without permission, 404 for what does not
exist, 409 for what is already there, 429 when a limit is reached, 503 while the server cannot be reached and 504 after the
deadline (the request header \`Grpc-Timeout\`, e.g. \`5S\`). An unknown path gets 404, another method with 405,
too large a body with 413.`);

/** The description of an error response. */
export const ERROR_RESPONSE = "An error. Its HTTP status stands for the gRPC status code.";

/** The description of an error response of an operation with a stream of responses. */
export const STREAM_ERROR_RESPONSE =
  "An error before the first message: a line, or, if the request cannot be sent on, the error alone.";

/** The description of a stream of responses. */
export const STREAM_RESPONSE =
  "A stream: one such JSON object a line, each with a message as `result` or the `error` that ends it.";

/** The description of a stream of responses as server-sent events. */
export const EVENT_SOURCE_RESPONSE =
  "A stream: each message is the `data` of an event. The last event is `error` or `end`: then close the `EventSource`.";

/** How to call a stream of responses as server-sent events. */
export const EVENT_SOURCE_REQUEST: string =
  "Server-sent events: the request must have the header `Accept: text/event-stream`, as that of a browser's `EventSource` " +
  "has. Without it, the response is 405.";

/** How a request selects the framing of a stream of responses. */
export const FRAMING_NOTES: string =
  paragraphs(`\`Accept\` chooses another framing: \`application/x-ndjson\` is one message a
line with nothing around it, and a last line \`{"error": ...}\` if the stream fails; \`text/event-stream\` is server-sent
events, also for \`GET\` with the fields of the request in the query, as a browser's \`EventSource\` asks. In both, an error
before the first message is the error alone.`);

/** The description of the query parameter `bytes`. */
export const BYTES_PARAMETER: string =
  "Whether bytes are `base64` or `text`, in this request and its response. With `text` each is a plain string, or an object " +
  '`{"base64": "..."}` where it is not valid UTF-8.';

/** The description of a body with a stream of requests. */
export const STREAM_REQUEST = "A stream: one or more such JSON values, one after another.";

/** The description of a stream of responses that are bytes. */
export const STREAM_OF_BYTES = "A stream of bytes, sent as they come.";
