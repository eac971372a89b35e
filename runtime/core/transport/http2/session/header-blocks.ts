import { ConnectionError } from "../frames/connection-error.js";
import { ErrorCode } from "../frames/error-code.js";
import { HpackDecoder } from "../hpack/hpack-decoder.js";
import { HpackError } from "../hpack/hpack-error.js";
import { type ResponseFields, responseFields } from "./response-fields.js";

/** Our SETTINGS_HEADER_TABLE_SIZE: HTTP/2's default. */
const TABLE_SIZE = 4096;
/** How many blocks are remembered: the headers of an answer and the trailers of a success, of a few kinds. */
const MOST_BLOCKS = 4;
/** Longer blocks are not remembered: few are the same. */
const MOST_BYTES = 256;

interface KnownBlock {
  readonly bytes: Buffer;
  /** The decoder's table while it is known. */
  readonly tableVersion: number;
  readonly fields: ResponseFields;
}

/**
 * Decodes the header blocks of a connection. Nearly all answers have the same few bytes for headers, and for trailers:
 * a block that changes no table, and is equal to one seen in the same state of the table, has the same fields. It is not
 * decoded, and its fields are the same object.
 */
export class HeaderBlocks {
  readonly #decoder = new HpackDecoder(TABLE_SIZE);
  readonly #maxListSize: number;
  readonly #known: KnownBlock[] = [];
  #next = 0;

  /** @param maxListSize our SETTINGS_MAX_HEADER_LIST_SIZE */
  constructor(maxListSize: number) {
    this.#maxListSize = maxListSize;
  }

  /** @throws ConnectionError for a block that cannot be decoded */
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
