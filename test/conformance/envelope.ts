import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
import type { Direction } from "./direction.js";

/*
 * The messages between the runner and the program under test: the parts of ConformanceRequest and ConformanceResponse
 * from conformance.proto that are needed here.
 */

/** A request of the runner. */
export interface ConformanceRequest {
  /** The full name of the message type. */
  readonly messageType: string;
  readonly direction: Direction;
  /** The message: JSON text in UTF-8, or wire bytes. */
  readonly payload: Uint8Array;
  /** Whether unknown fields in JSON are ignored. */
  readonly ignoreUnknown: boolean;
}

/** The response of the program under test. */
export type ConformanceResponse =
  | { readonly result: "json" | "wire"; readonly payload: Uint8Array }
  | { readonly result: "parse error" | "serialize error" | "runtime error" | "skipped"; readonly reason: string };

/** Enum WireFormat. */
const WireFormat = { PROTOBUF: 1, JSON: 2, JSPB: 3 } as const;

/** Enum TestCategory. */
const JSON_IGNORE_UNKNOWN_PARSING_TEST = 3;

/** Field numbers of the request's oneof `payload`. */
const Payload = { PROTOBUF: 1, JSON: 2, JSPB: 7, TEXT: 8 } as const;

/** Field numbers of the response's oneof `result`. */
const resultFields = {
  "parse error": 1,
  "runtime error": 2,
  wire: 3,
  json: 4,
  skipped: 5,
  "serialize error": 6,
} as const;

/** Reads a ConformanceRequest. */
export function readRequest(bytes: Uint8Array): ConformanceRequest {
  const reader = new BinaryReader(bytes);
  let source: number = Payload.PROTOBUF;
  let payload: Uint8Array = new Uint8Array(0);
  let target = 0;
  let messageType = "";
  let category = 0;
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    switch (field) {
      case Payload.PROTOBUF:
      case Payload.JSON:
      case Payload.JSPB:
      case Payload.TEXT:
        source = field;
        // As bytes, because some tests send invalid UTF-8.
        payload = reader.bytes();
        break;
      case 3:
        target = reader.int32();
        break;
      case 4:
        messageType = reader.string();
        break;
      case 5:
        category = reader.int32();
        break;
      default:
        reader.skip(wireType, field);
    }
  }
  const ignoreUnknown = category === JSON_IGNORE_UNKNOWN_PARSING_TEST;
  return { messageType, direction: directionOf(source, target), payload, ignoreUnknown };
}

/** Writes a ConformanceResponse. */
export function writeResponse(response: ConformanceResponse): Uint8Array {
  const field = resultFields[response.result];
  const content = "payload" in response ? response.payload : Buffer.from(response.reason);
  return new BinaryWriter()
    .uint32((field << 3) | 2)
    .bytes(content)
    .finish();
}

function directionOf(source: number, target: number): Direction {
  if (source === Payload.JSPB || target === WireFormat.JSPB) return "jspb";
  if (source === Payload.JSON && target === WireFormat.JSON) return "json->json";
  if (source === Payload.JSON && target === WireFormat.PROTOBUF) return "json->wire";
  if (source === Payload.PROTOBUF && target === WireFormat.JSON) return "wire->json";
  if (source === Payload.PROTOBUF && target === WireFormat.PROTOBUF) return "wire->wire";
  return "text";
}
