import { MAX_DEPTH } from "./max-depth.js";
import { endlessGroup, WireError } from "./wire-error.js";
import { WireType } from "./wire-type.js";

const NOTHING = Buffer.alloc(0);

const SCRATCH = new DataView(new ArrayBuffer(8));

/**
 * A position in protobuf wire bytes, with a limit: the end of the message that is being read. Values are read without
 * checking the limit first. Bytes past the end of the buffer read as zeros, and reading the next tag detects that the
 * limit was passed.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class WireReader {
  protected wire: Buffer = NOTHING;
  protected at = 0;
  protected limit = 0;
  /** The low half of the varint that was read last, unsigned. */
  protected low = 0;
  /** The high half of the varint that was read last, unsigned. */
  protected high = 0;

  /** Reads the next tag. Returns `0` at the end of the message. */
  next(): number {
    const at = this.at;
    if (at >= this.limit) return this.end();
    const byte = this.wire[at] ?? 0;
    if (byte >= 0x80 || byte < 8) return this.longTag();
    this.at = at + 1;
    return byte;
  }

  /** Fails if the last value extends past the end of the message. */
  private end(): 0 {
    if (this.at > this.limit) throw new WireError("truncated value", this.limit - 1);
    return 0;
  }

  private longTag(): number {
    const start = this.at;
    this.varint();
    if (this.at > this.limit) this.end();
    if (this.high !== 0) throw new WireError("the field number is out of range", start);
    if (this.low < 8) throw new WireError("invalid field number 0", start);
    return this.low;
  }

  /** Reads a varint into `low` and `high`. */
  protected varint(): void {
    const { wire } = this;
    let { at } = this;
    let byte = wire[at++] ?? 0;
    let low = byte & 0x7f;
    // Unrolled, because most integers have few bytes.
    if (byte >= 0x80) {
      byte = wire[at++] ?? 0;
      low |= (byte & 0x7f) << 7;
      if (byte >= 0x80) {
        byte = wire[at++] ?? 0;
        low |= (byte & 0x7f) << 14;
        if (byte >= 0x80) {
          byte = wire[at++] ?? 0;
          low |= (byte & 0x7f) << 21;
          if (byte >= 0x80) {
            this.longVarint(at, low);
            return;
          }
        }
      }
    }
    this.at = at;
    this.low = low;
    this.high = 0;
  }

  /** Reads the rest of a varint of more than four bytes. `low` holds the first four. */
  private longVarint(at: number, low: number): void {
    const { wire } = this;
    let byte = wire[at++] ?? 0;
    this.low = (low | (byte << 28)) >>> 0;
    let high = (byte & 0x7f) >> 4;
    for (let shift = 3; byte >= 0x80; shift += 7) {
      if (shift > 31) throw new WireError("varint longer than 10 bytes", this.at);
      byte = wire[at++] ?? 0;
      high |= (byte & 0x7f) << shift;
    }
    this.high = high >>> 0;
    this.at = at;
  }

  /** Reads a varint and returns its low 32 bits, unsigned. */
  protected varint32(): number {
    const byte = this.wire[this.at] ?? 0;
    if (byte < 0x80) {
      this.at++;
      return byte;
    }
    this.varint();
    return this.low;
  }

  /** Reads a `bool`. Any varint except zero is true. */
  protected readBool(): boolean {
    this.varint();
    return this.low !== 0 || this.high !== 0;
  }

  /** Reads four bytes as an unsigned integer. */
  protected readFixed32(): number {
    const { wire, at } = this;
    this.at = at + 4;
    const low = (wire[at] ?? 0) | ((wire[at + 1] ?? 0) << 8);
    return (low | ((wire[at + 2] ?? 0) << 16) | ((wire[at + 3] ?? 0) << 24)) >>> 0;
  }

  /** Reads eight bytes into `low` and `high`. */
  protected readFixed64(): void {
    this.low = this.readFixed32();
    this.high = this.readFixed32();
  }

  protected readFloat(): number {
    SCRATCH.setUint32(0, this.readFixed32());
    return SCRATCH.getFloat32(0);
  }

  protected readDouble(): number {
    this.readFixed64();
    SCRATCH.setUint32(0, this.high);
    SCRATCH.setUint32(4, this.low);
    return SCRATCH.getFloat64(0);
  }

  /** Decodes the 64-bit number that was read last from zigzag encoding. */
  protected zigzag64(): void {
    const sign = -(this.low & 1);
    const low = (this.low >>> 1) | (this.high << 31);
    this.low = (low ^ sign) >>> 0;
    this.high = ((this.high >>> 1) ^ sign) >>> 0;
  }

  /** Reads a length and returns the end of the bytes that follow it. Fails if that is beyond the end of the message. */
  protected lengthEnd(): number {
    const start = this.at;
    const length = this.varint32();
    const end = this.at + length;
    if (end > this.limit || (length >= 0x80 && this.high !== 0)) {
      throw new WireError(`length of ${length} with only ${Math.max(this.limit - this.at, 0)} bytes left`, start);
    }
    return end;
  }

  /** Skips the value of a field that begins with `tag`. */
  protected skip(tag: number, depth = 0): void {
    const start = this.at;
    switch (tag & 7) {
      case WireType.Varint:
        this.varint();
        break;
      case WireType.Fixed64:
        this.at += 8;
        break;
      case WireType.Bytes:
        this.at = this.lengthEnd();
        break;
      case WireType.StartGroup:
        this.skipGroup(tag, depth + 1);
        break;
      case WireType.Fixed32:
        this.at += 4;
        break;
      case WireType.EndGroup:
        throw new WireError("end of a group without its start", start);
      default:
        throw new WireError(`unknown wire type ${tag & 7}`, start);
    }
    if (this.at > this.limit) this.end();
  }

  /** Skips a group that begins with `tag` and returns the position of its end tag. */
  protected skipGroup(tag: number, depth = 1): number {
    const start = this.at;
    if (depth > MAX_DEPTH) throw new WireError(`groups nested more than ${MAX_DEPTH} levels deep`, start);
    for (;;) {
      const end = this.at;
      const inner = this.next();
      if (inner === tag + 1) return end;
      if (inner === 0) throw endlessGroup(start);
      this.skip(inner, depth);
    }
  }
}
