import { Status, type StatusCode } from "../../errors/status.js";
import { MOST_MESSAGE } from "../endpoints/connection-settings.js";

/** The size of a message's prefix in bytes: a compression flag and the length. */
export const PREFIX_SIZE = 5;

/** The largest memory that is first allocated for a message, in bytes, regardless of its prefix. */
const FIRST_SIZE = 1024 * 1024;
/**
 * The factor by which the memory may exceed the received data when it grows. Copying then costs little, and so does a
 * false length.
 */
const GROWTH = 16;

const NOTHING = Buffer.alloc(0);

/** Response data that is not a valid gRPC message. */
export class MalformedMessage extends Error {
  override readonly name = "MalformedMessage";
  readonly code: StatusCode;

  constructor(code: StatusCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Reads the length of a message from its prefix, in bytes.
 *
 * @throws MalformedMessage for an invalid prefix
 */
export function messageLength(bytes: Buffer, at: number): number {
  const flags = bytes[at] ?? 0;
  if (flags === 1) throw new MalformedMessage(Status.INTERNAL, "the response could not be decompressed");
  if (flags !== 0) throw new MalformedMessage(Status.INTERNAL, "the response is not a gRPC message");
  const length = bytes.readUInt32BE(at + 1);
  if (length > MOST_MESSAGE) {
    const text = `Received message larger than max (${length} vs ${MOST_MESSAGE})`;
    throw new MalformedMessage(Status.RESOURCE_EXHAUSTED, text);
  }
  return length;
}

/** A message of which only a part has arrived. It is assembled in one buffer, which grows with the received data. */
export class MessagePart {
  readonly #prefix: Buffer = Buffer.alloc(PREFIX_SIZE);
  #prefixLength = 0;
  #message: Buffer = NOTHING;
  #length = 0;
  #received = 0;

  /** The size of the whole message, in bytes; 0 until its prefix has arrived. */
  get length(): number {
    return this.#length;
  }

  /** The message, when it is complete. */
  get message(): Buffer | undefined {
    return this.#prefixLength === PREFIX_SIZE && this.#received === this.#length ? this.#message : undefined;
  }

  /**
   * Reads the bytes that belong to the message. Returns the position after them.
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
