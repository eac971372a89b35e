import type { StatusDetail } from "../errors/gateway-error.js";
import { WireReader } from "../json/wire/wire-reader.js";
import { WireType } from "../json/wire/wire-type.js";

/** The tag of `details` in a `google.rpc.Status`. */
const DETAILS = (3 << 3) | WireType.Bytes;
/** The tags in a `google.protobuf.Any`. */
const TYPE_URL = (1 << 3) | WireType.Bytes;
const VALUE = (2 << 3) | WireType.Bytes;

const NO_VALUE = new Uint8Array(0);

/**
 * Reads the details of a `google.rpc.Status`, which gRPC carries in the trailer `grpc-status-details-bin`. Malformed
 * bytes yield no details, because the error that they belong to must be reported in any case.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/status.proto
 */
export function readStatusDetails(status: Uint8Array): readonly StatusDetail[] {
  try {
    return new StatusReader(status).details();
  } catch {
    return [];
  }
}

class StatusReader extends WireReader {
  constructor({ buffer, byteOffset, length }: Uint8Array) {
    super();
    this.wire = Buffer.from(buffer, byteOffset, length);
    this.limit = length;
  }

  details(): readonly StatusDetail[] {
    const details: StatusDetail[] = [];
    for (let tag = this.next(); tag !== 0; tag = this.next()) {
      if (tag === DETAILS) details.push(this.#any());
      else this.skip(tag);
    }
    return details;
  }

  #any(): StatusDetail {
    const outerLimit = this.limit;
    this.limit = this.lengthEnd();
    let typeUrl = "";
    let value: Uint8Array = NO_VALUE;
    for (let tag = this.next(); tag !== 0; tag = this.next()) {
      if (tag === TYPE_URL) typeUrl = new TextDecoder("utf-8", { fatal: true }).decode(this.#bytes());
      else if (tag === VALUE) value = this.#bytes();
      else this.skip(tag);
    }
    this.limit = outerLimit;
    return { typeUrl, value };
  }

  #bytes(): Uint8Array {
    const end = this.lengthEnd();
    const bytes = this.wire.subarray(this.at, end);
    this.at = end;
    return bytes;
  }
}
