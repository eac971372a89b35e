import { ConnectionError } from "../frames/connection-error.js";
import { ErrorCode } from "../frames/error-code.js";
import { DEFAULT_WINDOW_SIZE, MAX_31_BITS } from "../frames/frame.js";
import type { FrameWriter } from "../frames/frame-writer.js";
import type { OutputBuffer } from "../frames/output-buffer.js";
import type { ClientStream } from "./client-stream.js";
import { StreamError } from "./stream-error.js";

/** From this many bytes on that wait to be written, streams send no more. */
const MOST_OUTPUT = 256 * 1024;

/**
 * Sends the data of streams as far as the windows allow (RFC 9113, section 5.2). What does not go out at once waits with
 * its stream, and the streams take turns, a frame each.
 */
export class Sending {
  /** Whether the peer does not read for now. */
  isBlocked = false;
  readonly #output: OutputBuffer;
  readonly #writer: FrameWriter;
  /** The connection's window. */
  #window = DEFAULT_WINDOW_SIZE;
  /** The streams that have something to send, and a window for it; all of these, in turn. */
  readonly #turns: Set<ClientStream> = new Set();

  constructor(output: OutputBuffer, writer: FrameWriter) {
    this.#output = output;
    this.#writer = writer;
  }

  /** Whether something can be sent. */
  get isOpen(): boolean {
    return !this.isBlocked && this.#output.size < MOST_OUTPUT;
  }

  /**
   * Sends a message of a stream, in two parts, behind what waits of it already.
   *
   * @param head is copied
   * @param body must not be changed any more
   * @returns whether all of it is on its way
   */
  send(stream: ClientStream, head: Buffer, body: Buffer, end: boolean): boolean {
    const size = head.length + body.length;
    stream.hasEnded ||= end;
    const isFree = stream.id > 0 && stream.queue.length === 0 && this.isOpen;
    if (isFree && size <= stream.sendWindow && size <= this.#window && size <= this.#writer.maxFrameSize) {
      this.#use(stream, size);
      this.#writer.dataHeader(stream.id, size, end);
      this.#output.append(head);
      this.#output.append(body);
      return true;
    }
    stream.queue.push(Buffer.from(head));
    if (body.length > 0) stream.queue.push(body);
    this.add(stream);
    return false;
  }

  /** Ends a stream's side, behind what waits of it. */
  end(stream: ClientStream): void {
    stream.hasEnded = true;
    if (stream.id > 0 && stream.queue.length === 0) this.#writer.dataHeader(stream.id, 0, true);
  }

  /** Lets a stream take turns, if it has something to send. */
  add(stream: ClientStream): void {
    if (stream.id > 0 && stream.queue.length > 0 && stream.sendWindow > 0) this.#turns.add(stream);
  }

  /** Forgets a stream. */
  remove(stream: ClientStream): void {
    this.#turns.delete(stream);
  }

  /** Sends what may be sent. @returns whether it was anything */
  pump(): boolean {
    let hasSent = false;
    while (this.#turns.size > 0 && this.#window > 0 && this.isOpen) {
      for (const stream of this.#turns) {
        if (this.#window === 0 || !this.isOpen) break;
        // Behind the others, for the next turn.
        this.#turns.delete(stream);
        this.#sendFrame(stream);
        hasSent = true;
        this.add(stream);
        if (stream.queue.length === 0) stream.onSent();
      }
    }
    return hasSent;
  }

  /** The peer allows more on the connection. @throws ConnectionError if that is too much */
  widen(increment: number): void {
    if (this.#window + increment > MAX_31_BITS) {
      throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "a window of the connection beyond 2^31-1");
    }
    this.#window += increment;
  }

  /** The peer allows more, or by its settings less, on a stream. @throws StreamError if it is too much */
  widenStream(stream: ClientStream, increment: number): void {
    if (stream.sendWindow + increment > MAX_31_BITS) {
      throw new StreamError(ErrorCode.FLOW_CONTROL_ERROR, "a window of the stream beyond 2^31-1");
    }
    stream.sendWindow += increment;
    if (stream.sendWindow > 0) this.add(stream);
    else this.#turns.delete(stream);
  }

  /**
   * The peer's settings have changed the windows of all streams: RFC 9113, section 6.9.2.
   *
   * @throws ConnectionError if it is too much for one of them
   */
  widenAll(streams: Iterable<ClientStream>, increment: number): void {
    for (const stream of streams) {
      try {
        this.widenStream(stream, increment);
      } catch (error) {
        if (!(error instanceof StreamError)) throw error;
        throw new ConnectionError(error.code, `${error.message}, by SETTINGS_INITIAL_WINDOW_SIZE`);
      }
    }
  }

  /** Sends a frame of what a stream has waiting. */
  #sendFrame(stream: ClientStream): void {
    let waiting = -stream.queueStart;
    for (const chunk of stream.queue) waiting += chunk.length;
    const size = Math.min(waiting, stream.sendWindow, this.#window, this.#writer.maxFrameSize);
    this.#use(stream, size);
    this.#writer.dataHeader(stream.id, size, stream.hasEnded && size === waiting);
    for (let left = size; left > 0; ) {
      const chunk = stream.queue[0];
      if (chunk === undefined) break;
      const end = Math.min(stream.queueStart + left, chunk.length);
      this.#output.append(chunk, stream.queueStart, end);
      left -= end - stream.queueStart;
      stream.queueStart = end;
      if (end === chunk.length) {
        stream.queue.shift();
        stream.queueStart = 0;
      }
    }
  }

  #use(stream: ClientStream, size: number): void {
    stream.sendWindow -= size;
    this.#window -= size;
  }
}
