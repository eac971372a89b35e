import { ByteAccumulator } from "./byte-accumulator.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Where the scanner is: between values, in a bare word (`12`, `true`, garbage), in a container, or in a string. */
type State = "between" | "word" | "container" | "string" | "escape";

/**
 * Splits a stream of JSON values, as grpc-gateway takes them (one after the other, white space between them optional),
 * into single values without parsing them: what is malformed becomes a value for the parser to refuse. It takes time
 * linear in its input, however that is cut into chunks, and keeps no more than one value.
 */
export class JsonSequence {
  readonly #value: ByteAccumulator;
  #state: State = "between";
  #depth = 0;

  /** @param limit the longest value allowed, in bytes */
  constructor(limit: number) {
    this.#value = new ByteAccumulator(limit);
  }

  /**
   * Takes the next bytes and hands over every value that they complete, in order.
   *
   * @throws GatewayError `RESOURCE_EXHAUSTED` (413) if a value is longer than the limit; and what `onValue` throws. The
   *   sequence is of no use afterwards.
   */
  push(chunk: Buffer, onValue: (value: Buffer) => void): void {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const end = this.#valueEnd(chunk[i] ?? 0, i);
      if (end !== -1) {
        this.#value.append(chunk.subarray(start, end));
        onValue(this.#value.take());
      }
      if (this.#state === "between") start = i + 1;
      else if (end === i) start = i;
    }
    if (this.#state !== "between") this.#value.append(chunk.subarray(start));
  }

  /** Says that a bare word does not go on: it is complete. */
  flush(onValue: (value: Buffer) => void): void {
    if (this.#state === "word") this.end(onValue);
  }

  /** Ends the sequence: a bare word is complete now, and so, for the parser to refuse it, is a value broken off. */
  end(onValue: (value: Buffer) => void): void {
    if (this.#state === "between") return;
    this.#state = "between";
    onValue(this.#value.take());
  }

  /** Moves over the byte at an index. Returns where the value that it completes ends, or `-1`. */
  #valueEnd(byte: number, index: number): number {
    switch (this.#state) {
      case "escape":
        this.#state = "string";
        return -1;
      case "string":
        if (byte === BACKSLASH) this.#state = "escape";
        else if (byte === QUOTE) return this.#closed(index);
        return -1;
      case "container":
        if (byte === QUOTE) this.#state = "string";
        else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
        else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
          this.#depth--;
          return this.#closed(index);
        }
        return -1;
      case "word":
        if (!isWhiteSpace(byte) && !opensValue(byte)) return -1;
        this.#begin(byte);
        return index;
      case "between":
        this.#begin(byte);
        return -1;
    }
  }

  /** A string or a container has ended at an index: the whole value has, or one within it. */
  #closed(index: number): number {
    this.#state = this.#depth === 0 ? "between" : "container";
    return this.#depth === 0 ? index + 1 : -1;
  }

  #begin(byte: number): void {
    if (isWhiteSpace(byte)) this.#state = "between";
    else if (byte === QUOTE) this.#state = "string";
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      this.#state = "container";
      this.#depth = 1;
    } else this.#state = "word";
  }
}

function isWhiteSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function opensValue(byte: number): boolean {
  return byte === OPEN_BRACE || byte === OPEN_BRACKET || byte === QUOTE;
}
