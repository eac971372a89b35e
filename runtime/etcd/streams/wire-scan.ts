import { WireType } from "@bufbuild/protobuf/wire";

/**
 * Walks over the fields of a message without making an object of any: every answer of every watch is looked into, and
 * most have nothing in them that matters. Past the end there are zeros, which is noticed at the next field.
 */
export class WireScan {
  /** Where the next value, or field, begins. */
  at = 0;
  /** The number of the field that was begun last. */
  field = 0;
  /** Its wire type. */
  type = 0;

  #bytes: Uint8Array = new Uint8Array();
  #end = 0;
  /** The halves of the varint that was read last, unsigned. */
  #low = 0;
  #high = 0;

  /** Begins with the fields between two offsets. */
  open(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.at = start;
    this.#end = end;
  }

  /**
   * Begins the next field; `false` at the end.
   *
   * @throws RangeError if the fields go beyond the end
   */
  next(): boolean {
    if (this.at >= this.#end) {
      if (this.at > this.#end) throw new RangeError("the message is cut off");
      return false;
    }
    this.#varint();
    this.field = this.#low >>> 3;
    this.type = this.#low & 7;
    return true;
  }

  /** Reads a value of the wire type `Varint`, as a signed one. */
  int64(): bigint {
    this.#varint();
    if (this.#high === 0) return BigInt(this.#low);
    return BigInt.asIntN(64, (BigInt(this.#high) << 32n) | BigInt(this.#low));
  }

  /** Reads a value of the wire type `Varint`, as a boolean. */
  bool(): boolean {
    this.#varint();
    return this.#low !== 0 || this.#high !== 0;
  }

  /** Begins a value of the wire type `LengthDelimited`, and tells where it ends. */
  valueEnd(): number {
    this.#varint();
    if (this.#high !== 0) throw new RangeError("the message is cut off");
    return this.at + this.#low;
  }

  /** Passes over the value of the field. */
  skip(): void {
    switch (this.type) {
      case WireType.Varint:
        this.#varint();
        break;
      case WireType.LengthDelimited:
        this.at = this.valueEnd();
        break;
      case WireType.Bit64:
        this.at += 8;
        break;
      case WireType.Bit32:
        this.at += 4;
        break;
      default:
        throw new RangeError(`a field of the wire type ${this.type}`);
    }
  }

  #varint(): void {
    let low = 0;
    let high = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.at++] ?? 0;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >> 4;
      } else if (shift < 70) high |= bits << (shift - 32);
      else throw new RangeError("a varint of more than 10 bytes");
      if (byte < 0x80) break;
    }
    this.#low = low >>> 0;
    this.#high = high >>> 0;
  }
}
