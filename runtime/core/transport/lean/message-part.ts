import { Status, type StatusCode } from "../../errors/status.js";
import { MOST_MESSAGE } from "../endpoints/place-options.js";

/** The bytes before a message: whether it is compressed, and its length. */
export const PREFIX_SIZE = 5;

/** How much memory a message gets at first, whatever its prefix says. */
const FIRST_SIZE = 1024 * 1024;
/** How many times as much as has come it may get next: copying is then a small part, and a lie costs little. */
const GROWTH = 16;

const NOTHING = Buffer.alloc(0);

/** What comes where a message should be, and is none. */
export class MalformedMessage extends Error {
  override readonly name = "MalformedMessage";
  readonly code: StatusCode;

  constructor(code: StatusCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The length of a message, from its prefix.
 *
 * @throws MalformedMessage for a prefix that no message may have
 */
export function messageLength(bytes: Buffer, at: number): number {
  const flags = bytes[at] ?? 0;
  if (flags === 1) throw new MalformedMessage(Status.INTERNAL, "the response could not be decompressed");
  if (flags !== 0) throw new MalformedMessage(Status.INTERNAL, "the response holds no message of gRPC");
  const length = bytes.readUInt32BE(at + 1);
  if (length > MOST_MESSAGE) {
    const text = `Received message larger than max (${length} vs ${MOST_MESSAGE})`;
    throw new MalformedMessage(Status.RESOURCE_EXHAUSTED, text);
  }
  return length;
}

/** A message of which a part has come. It is put together in one buffer, which grows with what comes. */
export class MessagePart {
  readonly #prefix: Buffer = Buffer.alloc(PREFIX_SIZE);
  #prefixLength = 0;
  #message: Buffer = NOTHING;
  #length = 0;
  #received = 0;

  /** The message, once it is whole. */
  get message(): Buffer | undefined {
    return this.#prefixLength === PREFIX_SIZE && this.#received === this.#length ? this.#message : undefined;
  }

  /**
   * Takes what belongs to the message, and returns where the bytes go on behind it.
   *
   * @throws MalformedMessage as {@link messageLength} does
   */
  take(bytes: Buffer, start: number): number {
    let at = start;
    if (this.#prefixLength < PREFIX_SIZE) {
      const taken = bytes.copy(this.#prefix, this.#prefixLength, at, at + PREFIX_SIZE - this.#prefixLength);
      this.#prefixLength += taken;
      at += taken;
      if (this.#prefixLength < PREFIX_SIZE) return at;
      this.#length = messageLength(this.#prefix, 0);
      this.#message = Buffer.allocUnsafeSlow(Math.min(this.#length, FIRST_SIZE));
    }
    const end = Math.min(at + this.#length - this.#received, bytes.length);
    this.#makeRoom(end - at);
    bytes.copy(this.#message, this.#received, at, end);
    this.#received += end - at;
    return end;
  }

  #makeRoom(size: number): void {
    const needed = this.#received + size;
    if (needed <= this.#message.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.min(this.#length, Math.max(this.#received * GROWTH, needed)));
    this.#message.copy(grown, 0, 0, this.#received);
    this.#message = grown;
  }
}
