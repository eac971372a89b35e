/**
 * Builds protobuf wire bytes in a buffer that grows.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class WireWriter {
  /**
   * The buffer. Only the bytes up to `length` are valid, and only until the next write, which may replace the buffer.
   */
  bytes: Buffer;
  /** The number of bytes written. */
  length = 0;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafe(capacity);
  }

  /** Makes room for `more` bytes. */
  reserve(more: number): void {
    const least = this.length + more;
    if (least <= this.bytes.length) return;
    const bytes = Buffer.allocUnsafe(Math.max(least, this.bytes.length * 2));
    this.bytes.copy(bytes, 0, 0, this.length);
    this.bytes = bytes;
  }

  /** Writes an integer from 0 to 2^32 - 1 as a varint: a tag, a length or a `uint32`. */
  varint32(value: number): void {
    this.reserve(5);
    this.length = putVarint32(this.bytes, this.length, value);
  }

  /** Writes a 64-bit integer, given as two unsigned halves, as a varint. */
  varint64(low: number, high: number): void {
    this.reserve(10);
    const { bytes } = this;
    let at = this.length;
    while (high !== 0) {
      bytes[at++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.length = putVarint32(bytes, at, low);
  }

  /** Writes an integer from 0 to 2^32 - 1 as four bytes. */
  fixed32(value: number): void {
    this.reserve(4);
    this.length = this.bytes.writeUInt32LE(value, this.length);
  }

  /** Writes a 64-bit integer, given as two unsigned halves, as eight bytes. */
  fixed64(low: number, high: number): void {
    this.fixed32(low);
    this.fixed32(high);
  }

  float(value: number): void {
    this.reserve(4);
    this.length = this.bytes.writeFloatLE(value, this.length);
  }

  double(value: number): void {
    this.reserve(8);
    this.length = this.bytes.writeDoubleLE(value, this.length);
  }

  /** Writes the bytes from `from` up to `to`. */
  append(bytes: Uint8Array, from: number, to: number): void {
    this.reserve(to - from);
    this.bytes.set(bytes.subarray(from, to), this.length);
    this.length += to - from;
  }

  /** Returns the bytes written. The caller then owns the buffer, so nothing may be written afterwards. */
  finish(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  /** Begins a message or a packed run, which its length precedes. Returns the argument for {@link end}. */
  begin(): number {
    this.reserve(1);
    return ++this.length;
  }

  /**
   * Ends the message or run that began at `start`: writes its length before it, and moves it if the length needs more
   * than one byte.
   */
  end(start: number): void {
    const length = this.length - start;
    if (length < 0x80) {
      this.bytes[start - 1] = length;
      return;
    }
    const shift = varintLength(length) - 1;
    this.reserve(shift);
    this.bytes.copyWithin(start + shift, start, this.length);
    putVarint32(this.bytes, start - 1, length);
    this.length += shift;
  }
}

function putVarint32(bytes: Uint8Array, at: number, value: number): number {
  while (value >= 0x80) {
    bytes[at++] = (value & 0x7f) | 0x80;
    value >>>= 7;
  }
  bytes[at++] = value;
  return at;
}

function varintLength(value: number): number {
  let length = 1;
  for (; value >= 0x80; value >>>= 7) length++;
  return length;
}
