import type { StatusDetail } from "../errors/gateway-error.js";

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/**
 * Reads the details of a `google.rpc.Status`, which gRPC carries in the trailer `grpc-status-details-bin`. Malformed
 * bytes yield no details, because the error that they belong to must be reported in any case.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto
 */
export function readStatusDetails(status: Uint8Array): readonly StatusDetail[] {
  try {
    const details: StatusDetail[] = [];
    for (const [field, any] of lengthDelimitedFields(status)) {
      if (field !== 3) continue;
      let typeUrl = "";
      let value: Uint8Array = new Uint8Array(0);
      for (const [anyField, bytes] of lengthDelimitedFields(any)) {
        if (anyField === 1) typeUrl = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
        else if (anyField === 2) value = bytes;
      }
      details.push({ typeUrl, value });
    }
    return details;
  } catch {
    return [];
  }
}

/** Reads the length-delimited fields of a message, in order, and skips other fields. Throws on malformed bytes. */
function* lengthDelimitedFields(message: Uint8Array): Generator<[field: number, bytes: Uint8Array]> {
  let position = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = message[position++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("malformed varint");
  };
  while (position < message.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case VARINT:
        varint();
        break;
      case FIXED64:
        position += 8;
        break;
      case FIXED32:
        position += 4;
        break;
      case LENGTH_DELIMITED: {
        const end = varint() + position;
        if (end > message.length) throw new RangeError("truncated field");
        yield [field, message.subarray(position, end)];
        position = end;
        break;
      }
      default:
        throw new RangeError("unknown wire type");
    }
  }
  if (position > message.length) throw new RangeError("truncated field");
}
