import { DynamicTable } from "./dynamic-table.js";
import { fieldSize, type HeaderField, type HeaderList } from "./header-field.js";
import { HpackError } from "./hpack-error.js";
import { decodeHuffman } from "./huffman.js";
import { STATIC_TABLE } from "./static-table.js";

/** The largest number of fields in a list. Each field needs an object, even if it is a single byte on the wire. */
const MAX_FIELDS = 1000;

const NO_BLOCK = Buffer.alloc(0);

/** Decodes the header blocks of a connection, which must be given in the order received: RFC 7541. */
export class HpackDecoder {
  readonly #maxTableSize: number;
  readonly #table = new DynamicTable();
  /** The block being decoded, and the position in it. */
  #block: Buffer = NO_BLOCK;
  #at = 0;

  /** @param maxTableSize our SETTINGS_HEADER_TABLE_SIZE, in bytes */
  constructor(maxTableSize: number) {
    this.#maxTableSize = maxTableSize;
  }

  /**
   * The version of the dynamic table, which changes whenever the table does. Two equal blocks have the same fields if
   * the version was the same before the first, after the first, and before the second.
   */
  get tableVersion(): number {
    return this.#table.version;
  }

  /**
   * Decodes a whole header block. A list that is too large is still decoded to its end, so that the table stays
   * correct.
   *
   * @param maxListSize the largest size of the fields in bytes, as defined for SETTINGS_MAX_HEADER_LIST_SIZE (RFC 9113,
   *   section 6.5.2)
   * @throws HpackError for a malformed block; later blocks cannot be decoded either
   */
  decode(block: Buffer, maxListSize: number): HeaderList {
    this.#block = block;
    this.#at = 0;
    this.#updateTableSize();
    const fields: HeaderField[] = [];
    let size = 0;
    let isTooLarge = false;
    while (this.#at < block.length) {
      const field = this.#field();
      size += fieldSize(field);
      isTooLarge ||= size > maxListSize || fields.length === MAX_FIELDS;
      if (!isTooLarge) fields.push(field);
    }
    this.#block = NO_BLOCK;
    return { fields, isTooLarge };
  }

  /** Reads the table size updates at the beginning of a block (sections 4.2 and 6.3). */
  #updateTableSize(): void {
    while (((this.#block[this.#at] ?? 0) & 0xe0) === 0x20) {
      const start = this.#at;
      const size = this.#integer(5);
      if (size > this.#maxTableSize) {
        throw new HpackError(`a dynamic table size of ${size} beyond the setting of ${this.#maxTableSize}`, start);
      }
      this.#table.resize(size);
    }
    if (this.#table.maxSize > this.#maxTableSize && this.#block.length > 0) {
      throw new HpackError(`missing dynamic table size update to ${this.#maxTableSize}`, this.#at);
    }
  }

  /** Reads a field in any of its representations (section 6). */
  #field(): HeaderField {
    const byte = this.#block[this.#at] ?? 0;
    if (byte >= 0x80) return this.#indexedField(7);
    if (byte >= 0x40) {
      const field = this.#literalField(6);
      this.#table.insert(field);
      return field;
    }
    if (byte >= 0x20) throw new HpackError("a dynamic table size update after a field", this.#at);
    return this.#literalField(4);
  }

  /** Reads a name, by index or literal, and a value (section 6.2). */
  #literalField(prefix: number): HeaderField {
    const isIndexed = ((this.#block[this.#at] ?? 0) & ((1 << prefix) - 1)) !== 0;
    if (!isIndexed) this.#at++;
    const name = isIndexed ? this.#indexedField(prefix).name : this.#string();
    return { name, value: this.#string() };
  }

  /** Reads an index and returns its field from the static or the dynamic table (section 2.3.3). */
  #indexedField(prefix: number): HeaderField {
    const start = this.#at;
    const index = this.#integer(prefix);
    const field = index < STATIC_TABLE.length ? STATIC_TABLE[index] : this.#table.at(index - STATIC_TABLE.length);
    if (index === 0 || field === undefined) {
      throw new HpackError(
        `index ${index} is out of range: the last one is ${STATIC_TABLE.length - 1 + this.#table.length}`,
        start,
      );
    }
    return field;
  }

  /** Reads a string (section 5.2). */
  #string(): string {
    const start = this.#at;
    const isHuffman = (this.#block[start] ?? 0) >= 0x80;
    const length = this.#integer(7);
    const from = this.#at;
    const to = from + length;
    if (to > this.#block.length) {
      throw new HpackError(`a string of ${length} bytes with only ${this.#block.length - from} bytes left`, start);
    }
    this.#at = to;
    if (!isHuffman) return this.#block.latin1Slice(from, to);
    const text = decodeHuffman(this.#block, from, to);
    if (text === undefined) throw new HpackError("a malformed Huffman code", start);
    return text;
  }

  /** Reads an integer with a prefix of `prefix` bits in its first byte (section 5.1). */
  #integer(prefix: number): number {
    const start = this.#at;
    const max = (1 << prefix) - 1;
    let value = this.#byte() & max;
    if (value < max) return value;
    for (let weight = 1; ; weight *= 0x80) {
      const byte = this.#byte();
      value += (byte & 0x7f) * weight;
      if (value > 0x7fff_ffff || weight > 0x7fff_ffff) throw new HpackError("an integer beyond 31 bits", start);
      if (byte < 0x80) return value;
    }
  }

  #byte(): number {
    const byte = this.#block[this.#at];
    if (byte === undefined) throw new HpackError("truncated header block", this.#at);
    this.#at++;
    return byte;
  }
}
