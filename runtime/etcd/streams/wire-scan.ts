import { WireType } from "@bufbuild/protobuf/wire";

/**
 * Iterates over the fields of a message without creating objects, because every response of every watch is scanned, and
 * most contain nothing relevant. Bytes past the end read as zeros, which is detected at the next field.
 */
export class WireScan {
  /** The offset of the next value or field. */
  at = 0;
  /** The number of the current field. */
  field = 0;
  /** The wire type of the current field. */
  type = 0;

  #bytes: Uint8Array = new Uint8Array();
  #end = 0;
  /** The halves of the varint that was read last, unsigned. */
  #low = 0;
  #high = 0;

  /** Starts with the fields between two offsets. */
  open(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.at = start;
    this.#end = end;
  }

  /**
   * Reads the tag of the next field. Returns `false` at the end.
   *
   * @throws RangeError if a field extends beyond the end
   */
  next(): boolean {
    if (this.at >= this.#end) {
      if (this.at > this.#end) throw new RangeError("truncated message");
      return false;
    }
    this.#varint();
    this.field = this.#low >>> 3;
    this.type = this.#low & 7;
    return true;
  }

  /** Reads a value of the wire type `Varint` as a signed integer. */
  int64(): bigint {
    this.#varint();
    if (this.#high === 0) return BigInt(this.#low);
    return BigInt.asIntN(64, (BigInt(this.#high) << 32n) | BigInt(this.#low));
  }

  /** Reads a value of the wire type `Varint` as a boolean. */
  bool(): boolean {
    this.#varint();
    return this.#low !== 0 || this.#high !== 0;
  }

  /** Reads the length of a value of the wire type `LengthDelimited` and returns the end of the value. */
  valueEnd(): number {
    this.#varint();
    if (this.#high !== 0) throw new RangeError("truncated message");
    return this.at + this.#low;
  }

  /** Skips the value of the current field. */
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
        throw new RangeError(`unknown wire type ${this.type}`);
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
      else throw new RangeError("varint longer than 10 bytes");
      if (byte < 0x80) break;
    }
    this.#low = low >>> 0;
    this.#high = high >>> 0;
  }
}
