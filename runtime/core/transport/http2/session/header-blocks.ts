import { ConnectionError } from "../frames/connection-error.js";
import { ErrorCode } from "../frames/error-code.js";
import { HpackDecoder } from "../hpack/hpack-decoder.js";
import { HpackError } from "../hpack/hpack-error.js";
import { type ResponseFields, responseFields } from "./response-fields.js";

/** Our SETTINGS_HEADER_TABLE_SIZE, in bytes: HTTP/2's default. */
const TABLE_SIZE = 4096;
/** The number of cached blocks, for a few kinds of response headers and of trailers of successful calls. */
const MOST_BLOCKS = 4;
/** The largest size of a cached block, in bytes. Longer blocks are rarely equal. */
const MOST_BYTES = 256;

interface KnownBlock {
  readonly bytes: Buffer;
  /** The version of the decoder's table for which the block is cached. */
  readonly tableVersion: number;
  readonly fields: ResponseFields;
}

/**
 * Decodes the header blocks of a connection. Nearly all responses have the same few bytes as headers, and as trailers.
 * Two equal blocks have the same fields if neither changes the table and the table was in the same state. A cached
 * block is not decoded again, and its fields are the same object.
 */
export class HeaderBlocks {
  readonly #decoder = new HpackDecoder(TABLE_SIZE);
  readonly #maxListSize: number;
  readonly #known: KnownBlock[] = [];
  #next = 0;

  /** @param maxListSize our SETTINGS_MAX_HEADER_LIST_SIZE, in bytes */
  constructor(maxListSize: number) {
    this.#maxListSize = maxListSize;
  }

  /** Decodes a block. @throws ConnectionError for a block that cannot be decoded */
  read(block: Buffer): ResponseFields {
    const tableVersion = this.#decoder.tableVersion;
    for (const known of this.#known) {
      if (known.tableVersion === tableVersion && known.bytes.equals(block)) return known.fields;
    }
    const fields = responseFields(this.#decode(block));
    if (block.length <= MOST_BYTES && this.#decoder.tableVersion === tableVersion) {
      this.#known[this.#next] = { bytes: Buffer.from(block), tableVersion, fields };
      this.#next = (this.#next + 1) % MOST_BLOCKS;
    }
    return fields;
  }

  #decode(block: Buffer) {
    try {
      return this.#decoder.decode(block, this.#maxListSize);
    } catch (error) {
      if (!(error instanceof HpackError)) throw error;
      throw new ConnectionError(ErrorCode.COMPRESSION_ERROR, error.message);
    }
  }
}
