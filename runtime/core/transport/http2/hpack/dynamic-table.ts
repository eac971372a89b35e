import { fieldSize, type HeaderField } from "./header-field.js";

/** The initial size of a connection's dynamic tables, before any SETTINGS, in bytes: RFC 9113, section 6.5.2. */
export const DEFAULT_TABLE_SIZE = 4096;

/** The dynamic table, to which the header blocks of a peer refer: RFC 7541, sections 2.3.2 and 4. */
export class DynamicTable {
  /** The number of changes so far. While it stays the same, every index refers to the same field. */
  version = 0;
  #maxSize = DEFAULT_TABLE_SIZE;
  #size = 0;
  /** Oldest first. The fields before `#oldest` have been evicted. */
  #fields: HeaderField[] = [];
  #oldest = 0;

  /** The largest total size of the fields, in bytes. */
  get maxSize(): number {
    return this.#maxSize;
  }

  /** The number of fields. */
  get length(): number {
    return this.#fields.length - this.#oldest;
  }

  /** Returns a field: 0 for the last one inserted, 1 for the one before it, etc.; `undefined` beyond the oldest. */
  at(index: number): HeaderField | undefined {
    return index < this.length ? this.#fields[this.#fields.length - 1 - index] : undefined;
  }

  /** Inserts a field and evicts the oldest ones to make room. A field larger than the table empties it. */
  insert(field: HeaderField): void {
    const size = fieldSize(field);
    this.#evict(this.#maxSize - size);
    if (size > this.#maxSize) return;
    this.#fields.push(field);
    this.#size += size;
    this.version++;
  }

  /** Changes the maximum size and evicts the fields that no longer fit. */
  resize(maxSize: number): void {
    if (maxSize === this.#maxSize) return;
    this.#maxSize = maxSize;
    this.version++;
    this.#evict(maxSize);
  }

  /** Evicts the oldest fields until the remaining ones need at most `size` bytes. */
  #evict(size: number): void {
    while (this.#size > size && this.length > 0) {
      const field = this.#fields[this.#oldest++];
      if (field !== undefined) this.#size -= fieldSize(field);
      this.version++;
    }
    if (2 * this.#oldest > this.#fields.length) {
      this.#fields = this.#fields.slice(this.#oldest);
      this.#oldest = 0;
    }
  }
}
