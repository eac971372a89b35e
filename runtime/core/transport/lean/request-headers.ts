import { bufferOf } from "../../bytes/buffer-of.js";
import { formatGrpcTimeout } from "../call/format-grpc-timeout.js";
import { encodeFields, type HpackEncoder } from "../http2/hpack/hpack-encoder.js";
import { isMetadataKey, isMetadataText, SINGLE_KEYS } from "../metadata.js";
import type { Metadata } from "../transport.js";

/** The number of cached paths. An API has fewer methods. */
const MOST_PATHS = 1_000;

/**
 * Encodes the header blocks of a connection's calls. The fields that all calls of a method share are encoded once.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export class RequestHeaders {
  readonly #scheme: "http" | "https";
  readonly #authority: string;
  readonly #prepared: Map<string, Buffer> = new Map();

  constructor(scheme: "http" | "https", authority: string) {
    this.#scheme = scheme;
    this.#authority = authority;
  }

  /**
   * Encodes the header block of a call. Metadata that cannot be sent is left out.
   *
   * @returns bytes of the encoder, which its next block overwrites
   */
  encode(encoder: HpackEncoder, path: string, metadata: Metadata, deadline: number | undefined): Buffer {
    encoder.begin(this.#prepared.get(path) ?? this.#prepare(path));
    if (deadline !== undefined) encoder.field("grpc-timeout", formatGrpcTimeout(deadline));
    for (const [index, [key, value]] of metadata.entries()) {
      if (!isMetadataKey(key)) continue;
      if (SINGLE_KEYS.has(key) && metadata.findIndex(([other]) => other === key) < index) continue;
      if (key.endsWith("-bin")) {
        if (typeof value !== "string") encoder.field(key, bufferOf(value).toString("base64"));
      } else if (typeof value === "string" && isMetadataText(value)) {
        encoder.field(key, value);
      }
    }
    return encoder.end();
  }

  #prepare(path: string): Buffer {
    const fields = encodeFields([
      { name: ":method", value: "POST" },
      { name: ":scheme", value: this.#scheme },
      { name: ":path", value: path },
      { name: ":authority", value: this.#authority },
      { name: "te", value: "trailers" },
      { name: "content-type", value: "application/grpc" },
      { name: "user-agent", value: "grpc-node-lean/1" },
      // Compressed messages are not accepted, because compressing a message costs more than sending it.
      { name: "grpc-accept-encoding", value: "identity" },
    ]);
    if (this.#prepared.size >= MOST_PATHS) this.#prepared.clear();
    this.#prepared.set(path, fields);
    return fields;
  }
}
