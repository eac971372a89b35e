import { isUtf8 } from "node:buffer";
import type { Field } from "../field.js";
import { base64Length, writeBase64 } from "../text/base64.js";
import { writeUint32, writeUint64 } from "../text/digits.js";
import { utf8Length } from "../text/utf8-length.js";
import { invalidUtf8 } from "../wire/wire-error.js";
import { WireReader } from "../wire/wire-reader.js";

const QUOTE = 0x22;
const MINUS = 0x2d;
const BACKSLASH = 0x5c;
const CLOSE_BRACE = 0x7d;
const HEX = Buffer.from("0123456789abcdef");

/** The letters of the two-character escapes. Other control characters are written as `\u00XX`. */
const ESCAPES = new Map([
  [0x08, 0x62],
  [0x09, 0x74],
  [0x0a, 0x6e],
  [0x0c, 0x66],
  [0x0d, 0x72],
  [QUOTE, QUOTE],
  [BACKSLASH, BACKSLASH],
]);

const NOTHING = Buffer.alloc(0);
/** An empty view. */
export const NO_WORDS: DataView = new DataView(new ArrayBuffer(0));

/** The size in bytes of the buffers that small texts share. */
const SLAB = 32 * 1024;

/**
 * The room to reserve after a name. It fits any value without a length, including brackets and the width of a store.
 */
export const SLACK = 48;

/** The maximum initial estimate of text bytes per wire byte. */
const MOST_EXPANSION = 3;

/** The size in bytes of the pieces in which strings are escaped. A piece may grow to six times its length. */
const PIECE = 1024;

/**
 * Writes values from the wire as JSON text into a buffer that grows. Small texts share a buffer, like Node's small
 * buffers: each text is returned as a part of it, and the next text begins after that part.
 */
export class ValueWriter extends WireReader {
  /** The buffer for the text. Earlier texts, which have been returned, precede it. */
  protected out: Buffer = NOTHING;
  protected view: DataView = NO_WORDS;
  protected capacity = 0;
  protected start = 0;
  protected length = 0;
  /** Whether bytes that are valid UTF-8 are written as text. */
  protected textBytes = false;
  /** A view of the wire. */
  protected words: DataView = NO_WORDS;

  /** Begins a text with an estimated length in bytes. */
  protected beginText(prefix: string, likely: number): void {
    this.length = this.start;
    const room = Math.min(likely, this.wire.length * MOST_EXPANSION + SLAB) + prefix.length + SLACK;
    if (this.start + room > this.capacity) this.open(Math.max(room, SLAB));
    this.ascii(prefix);
  }

  /** Ends the text and returns it. */
  protected endText(suffix: string): Buffer {
    this.ascii(suffix);
    const { start, length: end } = this;
    const text = this.out.subarray(start, end);
    this.start = end;
    // A large text does not share its buffer.
    if (end - start > SLAB / 2) this.open(0);
    return text;
  }

  /** Writes JSON text as it is. */
  json(text: string): void {
    this.reserve(text.length * 3 + SLACK);
    this.length += this.out.write(text, this.length);
  }

  protected writeSigned(value: number): void {
    if (value < 0) {
      this.out[this.length++] = MINUS;
      this.length = writeUint32(this.view, this.length, -value);
    } else this.length = writeUint32(this.view, this.length, value);
  }

  protected writeSigned64(): void {
    let { low, high } = this;
    if (high >= 0x80000000) {
      this.out[this.length++] = MINUS;
      low = -low >>> 0;
      high = (~high + (low === 0 ? 1 : 0)) >>> 0;
    }
    this.length = writeUint64(this.view, this.length, low, high);
  }

  protected writeBool(value: boolean): void {
    this.ascii(value ? "true" : "false");
  }

  /** Writes the bytes up to `end` and a closing quote, after an opening quote. */
  protected writeBytes(end: number): void {
    if (this.textBytes && this.isWrittenAsText(end)) return;
    this.reserve(base64Length(end - this.at) + SLACK);
    this.length = writeBase64(this.wire, this.words, this.at, end, this.out, this.view, this.length);
    this.at = end;
    this.out[this.length++] = QUOTE;
    if (this.textBytes) this.out[this.length++] = CLOSE_BRACE;
  }

  /**
   * Writes bytes as text. If they are not text, begins an object for their base64, which overwrites the opening quote.
   */
  private isWrittenAsText(end: number): boolean {
    if (!isUtf8(this.wire.subarray(this.at, end))) {
      this.length--;
      this.ascii('{"base64":"');
      return false;
    }
    this.writeString(end);
    this.out[this.length++] = QUOTE;
    return true;
  }

  /** Writes the UTF-8 text up to `end`, escaped. */
  protected writeString(end: number): void {
    const { wire } = this;
    let from = this.at;
    while (from < end) {
      const to = Math.min(from + PIECE, end);
      this.reserve((to - from) * 6 + SLACK);
      const { out } = this;
      let at = this.length;
      while (from < to) {
        const byte = wire[from] ?? 0;
        if (byte >= 0x80) {
          const length = utf8Length(wire, from, end);
          if (length === 0) throw invalidUtf8(from);
          for (let i = 0; i < length; i++) out[at++] = wire[from++] ?? 0;
        } else {
          from++;
          if (byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH) out[at++] = byte;
          else at = writeEscape(out, at, byte);
        }
      }
      this.length = at;
    }
    this.at = end;
  }

  /** Writes ASCII text. */
  protected ascii(text: string): void {
    this.reserve(text.length + SLACK);
    for (let i = 0; i < text.length; i++) this.out[this.length++] = text.charCodeAt(i);
  }

  /** Writes a comma, a field's name, a colon and, if the value is a JSON string, its opening quote. */
  protected name(field: Field): void {
    const { text } = field;
    this.reserve(field.textLength + SLACK);
    const { view } = this;
    let at = this.length;
    for (let i = 0; i < text.length; i++, at += 8) view.setFloat64(at, text[i] ?? 0, true);
    this.length += field.textLength;
  }

  /**
   * Ends the object or array that began at `start`: overwrites its first comma with the opening bracket, and closes it.
   */
  protected close(start: number, open: number, close: number): void {
    this.reserve(SLACK);
    if (this.length === start) this.length++;
    this.out[start] = open;
    this.out[this.length++] = close;
  }

  /** Makes room for `more` bytes. */
  protected reserve(more: number): void {
    if (this.length + more > this.capacity) this.grow(more);
  }

  /**
   * Moves the text to a larger buffer. If the rest of the message expands like the part written so far, the new buffer
   * fits all of it. The text keeps its position, because the starts of open objects and arrays are stored as positions.
   */
  private grow(more: number): void {
    const { out, start, length } = this;
    const written = length - start;
    const likely = (written / Math.max(this.at, 1)) * this.wire.length * 1.05;
    this.open(start + Math.max(written + more, Math.min(likely, written * 8)) + SLAB);
    out.copy(this.out, start, start, length);
    this.start = start;
    this.length = length;
  }

  /** Begins a new buffer. */
  private open(capacity: number): void {
    this.out = Buffer.allocUnsafeSlow(Math.ceil(capacity));
    this.view = new DataView(this.out.buffer);
    this.capacity = this.out.length;
    this.start = 0;
    this.length = 0;
  }
}

function writeEscape(out: Buffer, at: number, byte: number): number {
  const letter = ESCAPES.get(byte);
  out[at++] = BACKSLASH;
  if (letter !== undefined) {
    out[at++] = letter;
    return at;
  }
  at += out.write("u00", at, "latin1");
  out[at++] = HEX[byte >> 4] ?? 0;
  out[at++] = HEX[byte & 15] ?? 0;
  return at;
}
