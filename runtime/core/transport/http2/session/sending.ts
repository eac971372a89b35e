import { ConnectionError } from "../frames/connection-error.js";
import { ErrorCode } from "../frames/error-code.js";
import { DEFAULT_WINDOW_SIZE, MAX_31_BITS } from "../frames/frame.js";
import type { FrameWriter } from "../frames/frame-writer.js";
import type { OutputBuffer } from "../frames/output-buffer.js";
import type { Http2Stream } from "./http2-stream.js";
import { StreamError } from "./stream-error.js";

/** If at least this many bytes wait to be written, streams do not send more. */
const MOST_OUTPUT = 256 * 1024;

/**
 * Sends the data of streams as far as the windows allow (RFC 9113, section 5.2). Data that cannot be sent yet waits in
 * the queue of its stream. The streams take turns, with one frame each.
 */
export class Sending {
  /** Whether the peer does not read at the moment. */
  isBlocked = false;
  readonly #output: OutputBuffer;
  readonly #writer: FrameWriter;
  /** The connection's send window, in bytes. */
  #window = DEFAULT_WINDOW_SIZE;
  /** The streams that have data to send and a window for it, in the order of their turns. */
  readonly #turns: Set<Http2Stream> = new Set();

  constructor(output: OutputBuffer, writer: FrameWriter) {
    this.#output = output;
    this.#writer = writer;
  }

  /** Whether data can be sent. */
  get isOpen(): boolean {
    return !this.isBlocked && this.#output.size < MOST_OUTPUT;
  }

  /**
   * Sends a message of a stream, in two parts, after the data that already waits.
   *
   * @param head is copied
   * @param body must not be changed afterwards
   * @returns whether all of it has been passed on; if not, some of it waits in the queue
   */
  send(stream: Http2Stream, head: Buffer, body: Buffer, end: boolean): boolean {
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

  /** Ends our side of a stream, after the data that waits. */
  end(stream: Http2Stream): void {
    stream.hasEnded = true;
    if (stream.id > 0 && stream.queue.length === 0) this.#writer.dataHeader(stream.id, 0, true);
  }

  /** Adds a stream to the turns, if it has data to send and a window for it. */
  add(stream: Http2Stream): void {
    if (stream.id > 0 && stream.queue.length > 0 && stream.sendWindow > 0) this.#turns.add(stream);
  }

  /** Removes a stream from the turns. */
  remove(stream: Http2Stream): void {
    this.#turns.delete(stream);
  }

  /** Sends the data that the windows allow. @returns whether there was any */
  pump(): boolean {
    let hasSent = false;
    while (this.#turns.size > 0 && this.#window > 0 && this.isOpen) {
      for (const stream of this.#turns) {
        if (this.#window === 0 || !this.isOpen) break;
        // At the end, for the next turn.
        this.#turns.delete(stream);
        this.#sendFrame(stream);
        hasSent = true;
        this.add(stream);
        if (stream.queue.length === 0) stream.onSent();
      }
    }
    return hasSent;
  }

  /** Widens the connection's window. @throws ConnectionError if it becomes too large */
  widen(increment: number): void {
    if (this.#window + increment > MAX_31_BITS) {
      throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "a window of the connection beyond 2^31-1");
    }
    this.#window += increment;
  }

  /** Widens a stream's window, or narrows it because of SETTINGS. @throws StreamError if it becomes too large */
  widenStream(stream: Http2Stream, increment: number): void {
    if (stream.sendWindow + increment > MAX_31_BITS) {
      throw new StreamError(ErrorCode.FLOW_CONTROL_ERROR, "a window of the stream beyond 2^31-1");
    }
    stream.sendWindow += increment;
    if (stream.sendWindow > 0) this.add(stream);
    else this.#turns.delete(stream);
  }

  /**
   * Changes the windows of all streams because of the peer's SETTINGS: RFC 9113, section 6.9.2.
   *
   * @throws ConnectionError if one of them becomes too large
   */
  widenAll(streams: Iterable<Http2Stream>, increment: number): void {
    for (const stream of streams) {
      try {
        this.widenStream(stream, increment);
      } catch (error) {
        if (!(error instanceof StreamError)) throw error;
        throw new ConnectionError(error.code, `${error.message}, by SETTINGS_INITIAL_WINDOW_SIZE`);
      }
    }
  }

  /** Sends one frame of a stream's waiting data. */
  #sendFrame(stream: Http2Stream): void {
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

  #use(stream: Http2Stream, size: number): void {
    stream.sendWindow -= size;
    this.#window -= size;
  }
}
