import { DEFAULT_TABLE_SIZE } from "./dynamic-table.js";
import type { HeaderField } from "./header-field.js";
import { staticFieldIndex, staticNameIndex } from "./static-table.js";

/** Fields that no intermediary may put into a table, where their values could be guessed: RFC 7541, section 7.1.3. */
const SENSITIVE: ReadonlySet<string> = new Set(["authorization", "cookie", "proxy-authorization", "token"]);

const INDEXED = 0x80;
const WITHOUT_INDEXING = 0x00;
const NEVER_INDEXED = 0x10;
/** The beginning of a block that sets the size of the peer's table to 0: RFC 7541, section 6.3. */
const SIZE_UPDATE_TO_0 = Buffer.of(0x20);

/** Strings shorter than this are written faster here than by Node.js's encoder. */
const SHORT = 32;

/** The largest size of a 31-bit integer, in bytes: RFC 7541, section 5.1. */
const MAX_INTEGER_SIZE = 6;

/**
 * Encodes the header blocks of a connection's requests: RFC 7541, section 6. It uses only the static table. A field
 * therefore always has the same bytes, and fields that many requests share can be encoded once, by {@link
 * encodeFields}. Strings are written without Huffman code.
 *
 * Call {@link begin}, then {@link field} for each field, then {@link end}.
 */
export class HpackEncoder {
  #bytes = Buffer.allocUnsafeSlow(1024);
  #length = 0;
  /** The size of the dynamic table that the peer assumes, in bytes. */
  #tableSize = DEFAULT_TABLE_SIZE;
  #updatesTableSize = false;

  /**
   * Applies the peer's SETTINGS_HEADER_TABLE_SIZE. If this shrinks the table, the next block sent must begin with a
   * size update (section 4.2); see {@link withTableSize}.
   */
  limitTable(size: number): void {
    if (size < this.#tableSize) this.#updatesTableSize = true;
  }

  /** Returns a block as it must be sent now. The peer's table may have shrunk after the block was encoded. */
  withTableSize(block: Buffer): Buffer {
    if (!this.#updatesTableSize) return block;
    // An empty table fits any size that the peer sets later.
    this.#tableSize = 0;
    this.#updatesTableSize = false;
    return Buffer.concat([SIZE_UPDATE_TO_0, block]);
  }

  /** Begins a block with fields encoded by {@link encodeFields}. */
  begin(prepared: Buffer): void {
    this.#length = 0;
    this.#makeRoom(prepared.length);
    prepared.copy(this.#bytes, this.#length);
    this.#length += prepared.length;
  }

  /**
   * Appends a field. The caller must have checked it: the name is in lower case, and name and value contain only
   * characters that HTTP allows, one byte each (latin1).
   */
  field(name: string, value: string): void {
    this.#makeRoom(name.length + value.length + 3 * MAX_INTEGER_SIZE);
    const index = staticFieldIndex(name, value);
    if (index > 0) {
      this.#integer(INDEXED, 7, index);
      return;
    }
    const nameIndex = staticNameIndex(name);
    this.#integer(SENSITIVE.has(name) ? NEVER_INDEXED : WITHOUT_INDEXING, 4, nameIndex);
    if (nameIndex === 0) this.#string(name);
    this.#string(value);
  }

  /** Ends the block and returns it. It is valid until the next {@link begin}. */
  end(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Writes an integer with a prefix of `bits` bits after a pattern (section 5.1). */
  #integer(pattern: number, bits: number, value: number): void {
    const max = (1 << bits) - 1;
    if (value < max) {
      this.#bytes[this.#length++] = pattern | value;
      return;
    }
    this.#bytes[this.#length++] = pattern | max;
    let rest = value - max;
    for (; rest >= 0x80; rest >>>= 7) this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#length++] = rest;
  }

  /** Writes a string without Huffman code (section 5.2). */
  #string(text: string): void {
    this.#integer(0, 7, text.length);
    if (text.length < SHORT) {
      for (let i = 0; i < text.length; i++) this.#bytes[this.#length++] = text.charCodeAt(i);
    } else {
      this.#length += this.#bytes.latin1Write(text, this.#length, text.length);
    }
  }

  #makeRoom(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/**
 * Encodes fields that many blocks begin with, for {@link HpackEncoder.begin}. They must be checked as for {@link
 * HpackEncoder.field}.
 */
export function encodeFields(fields: readonly HeaderField[]): Buffer {
  const encoder = new HpackEncoder();
  encoder.begin(Buffer.alloc(0));
  for (const { name, value } of fields) encoder.field(name, value);
  return Buffer.from(encoder.end());
}
