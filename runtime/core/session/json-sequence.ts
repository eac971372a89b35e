import { ByteAccumulator } from "./byte-accumulator.js";
import { type IncompleteRequest, SMALL_REQUEST } from "./limit/incomplete-requests.js";
import type { MessageSplitter } from "./request-feed.js";

const EMPTY = Buffer.alloc(0);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The state of the scanner: between values, in a bare word (`12`, `true`, garbage), in a container, or in a string. */
type State = "between" | "word" | "container" | "string" | "escape";

/**
 * Splits a stream of JSON values into single values without parsing them. As in grpc-gateway, the values follow each
 * other, with optional white space between them. Malformed data becomes a value that the parser will reject. The time
 * is linear in the length of the input, whatever its chunks, and at most one value is kept in memory.
 */
export class JsonSequence implements MessageSplitter {
  readonly #value: ByteAccumulator;
  #chunk: Buffer = EMPTY;
  /** Where the rest of the chunk begins, of which no value has been taken. */
  #at = 0;
  /** Where the incomplete value begins in the chunk, or would begin. */
  #start = 0;
  #state: State = "between";
  #depth = 0;

  /**
   * @param limit the longest value allowed, in bytes
   * @param request counts the bytes of an incomplete value
   */
  constructor(limit: number, request?: IncompleteRequest) {
    this.#value = new ByteAccumulator(limit, request);
  }

  /** Accepts the next bytes. All values of the previous ones must have been taken. */
  push(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#at = 0;
    this.#start = 0;
  }

  /**
   * Returns the next value that is complete, or `undefined` if there is none.
   *
   * @throws GatewayError `RESOURCE_EXHAUSTED` (413) if a value is over the limit. The sequence cannot be used
   *   afterwards
   */
  next(): Buffer | undefined {
    const chunk = this.#chunk;
    if (chunk.length === 0) return undefined;
    let start = this.#start;
    for (let i = this.#at; i < chunk.length; i++) {
      const end = this.#valueEnd(chunk[i] ?? 0, i);
      if (end !== -1) this.#value.append(chunk.subarray(start, end));
      if (this.#state === "between") start = i + 1;
      else if (end === i) start = i;
      if (end !== -1) {
        this.#at = i + 1;
        this.#start = start;
        return this.#value.take();
      }
    }
    this.#chunk = EMPTY;
    if (this.#state !== "between") this.#value.append(restOf(chunk, start));
    return undefined;
  }

  /** Ends a bare word, which would otherwise end with the next value or white space. */
  flush(): Buffer | undefined {
    return this.#state === "word" ? this.end() : undefined;
  }

  /**
   * Ends the sequence. Returns a bare word, which is complete now, or a truncated value, which the parser will reject,
   * or `undefined` if there is neither.
   */
  end(): Buffer | undefined {
    if (this.#state === "between") return undefined;
    this.#state = "between";
    return this.#value.take();
  }

  /** Drops an incomplete value and all that follow. The sequence cannot be used afterwards. */
  drop(): void {
    this.#chunk = EMPTY;
    this.#value.drop();
  }

  /** Moves past the byte at an index. Returns where the value ends that the byte completes, or `-1`. */
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

  /**
   * Handles the end of a string or container at an index. Returns the end of the value, or `-1` if it was inside a
   * value.
   */
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

/** Returns the end of a chunk. It is a copy if it would keep much more than itself in memory. */
function restOf(chunk: Buffer, start: number): Buffer {
  const rest = chunk.subarray(start);
  return chunk.length > SMALL_REQUEST && rest.length < chunk.length / 2 ? Buffer.from(rest) : rest;
}

function isWhiteSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function opensValue(byte: number): boolean {
  return byte === OPEN_BRACE || byte === OPEN_BRACKET || byte === QUOTE;
}
