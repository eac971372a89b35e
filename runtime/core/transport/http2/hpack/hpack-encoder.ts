import { DEFAULT_TABLE_SIZE } from "./dynamic-table.js";
import type { HeaderField } from "./header-field.js";
import { staticFieldIndex, staticNameIndex } from "./static-table.js";

/** Fields that no one on the way may put into a table, where their value could be guessed: RFC 7541, section 7.1.3. */
const SENSITIVE: ReadonlySet<string> = new Set(["authorization", "cookie", "proxy-authorization", "token"]);

const INDEXED = 0x80;
const WITHOUT_INDEXING = 0x00;
const NEVER_INDEXED = 0x10;
/** A block's beginning that empties the peer's table for good: RFC 7541, section 6.3. */
const SIZE_UPDATE_TO_0 = Buffer.of(0x20);

/** Strings below this length are faster written here than by the platform's encoder. */
const SHORT = 32;

/** The most bytes of an integer of 31 bits: RFC 7541, section 5.1. */
const MAX_INTEGER_SIZE = 6;

/**
 * Encodes the header blocks of a connection's requests: RFC 7541, section 6. It refers to the static table alone, so a
 * field's bytes are always the same and those that many requests share can be prepared once, by {@link encodeFields}.
 * Strings are written as they are, without Huffman code.
 *
 * Call {@link begin}, {@link field} for each field, {@link end}.
 */
export class HpackEncoder {
  #bytes = Buffer.allocUnsafeSlow(1024);
  #length = 0;
  /** The size of the peer's dynamic table as far as it knows. */
  #tableSize = DEFAULT_TABLE_SIZE;
  #updatesTableSize = false;

  /**
   * Takes the peer's SETTINGS_HEADER_TABLE_SIZE. If the table shrinks by it, the block that is sent next says so (section
   * 4.2): see {@link withTableSize}.
   */
  limitTable(size: number): void {
    if (size < this.#tableSize) this.#updatesTableSize = true;
  }

  /** A block as it must be sent now: it may have been encoded, and have waited, before the peer's table shrank. */
  withTableSize(block: Buffer): Buffer {
    if (!this.#updatesTableSize) return block;
    // A table that is empty for good fits whatever the peer sets later.
    this.#tableSize = 0;
    this.#updatesTableSize = false;
    return Buffer.concat([SIZE_UPDATE_TO_0, block]);
  }

  /** Begins a block with fields that {@link encodeFields} encoded. */
  begin(prepared: Buffer): void {
    this.#length = 0;
    this.#makeRoom(prepared.length);
    prepared.copy(this.#bytes, this.#length);
    this.#length += prepared.length;
  }

  /**
   * Appends a field. The caller has checked it: the name is in lower case, and both have only characters that HTTP
   * allows, each of one byte (latin1).
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

  /** The block, which is valid until the next {@link begin}. */
  end(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Writes an integer with a prefix of `bits` bits behind a pattern (section 5.1). */
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

/** Encodes fields that many blocks begin with, for {@link HpackEncoder.begin}. They are checked as in `field`. */
export function encodeFields(fields: readonly HeaderField[]): Buffer {
  const encoder = new HpackEncoder();
  encoder.begin(Buffer.alloc(0));
  for (const { name, value } of fields) encoder.field(name, value);
  return Buffer.from(encoder.end());
}
