import { ConnectionError } from "../frames/connection-error.js";
import { ErrorCode } from "../frames/error-code.js";
import { DEFAULT_WINDOW_SIZE } from "../frames/frame.js";
import type { FrameWriter } from "../frames/frame-writer.js";
import type { ClientStream } from "./client-stream.js";
import type { SessionOptions } from "./settings.js";
import { StreamError } from "./stream-error.js";

/**
 * Counts what the peer sends against the windows that it was given, and gives them back when half of one is used up:
 * RFC 9113, section 5.2. That of the connection is given back whatever becomes of the data, so that a stream that is held
 * holds up no other.
 */
export class Receiving {
  readonly #writer: FrameWriter;
  readonly #connectionWindow: number;
  readonly #streamWindow: number;
  /** What may still come on the connection. */
  #window: number;
  /** What streams that were given up might still have got. */
  #late = 0;

  constructor(options: SessionOptions, writer: FrameWriter) {
    this.#writer = writer;
    this.#streamWindow = options.streamWindow;
    this.#connectionWindow = options.connectionWindow;
    this.#window = options.connectionWindow;
  }

  /** Widens the connection's window, which no setting says, to what was asked for. Comes behind the preface. */
  begin(): void {
    const more = this.#connectionWindow - DEFAULT_WINDOW_SIZE;
    if (more > 0) this.#writer.windowUpdate(0, more);
  }

  /** @throws ConnectionError if so much may not come on the connection */
  take(size: number): void {
    this.#window -= size;
    if (this.#window < 0) {
      throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "more data than the window of the connection allows");
    }
    const used = this.#connectionWindow - this.#window;
    if (used < this.#connectionWindow / 2) return;
    this.#writer.windowUpdate(0, used);
    this.#window += used;
  }

  /** @throws StreamError if so much may not come on the stream */
  takeOf(stream: ClientStream, size: number): void {
    stream.receiveWindow -= size;
    stream.used += size;
    if (stream.receiveWindow < 0) {
      throw new StreamError(ErrorCode.FLOW_CONTROL_ERROR, "more data than the window of the stream allows");
    }
  }

  /** Notes that a stream has been given up: what its window allows may be on its way. */
  giveUp(stream: ClientStream): void {
    this.#late += Math.max(stream.receiveWindow, 0);
  }

  /** Counts data of a stream that is closed. @returns whether it may have been on its way when a stream was given up */
  takeLate(size: number): boolean {
    const isLate = size <= this.#late;
    if (isLate) this.#late -= size;
    return isLate;
  }

  /** Gives back what a stream has used up, if it is enough. */
  giveBack(stream: ClientStream): void {
    if (stream.used < this.#streamWindow / 2) return;
    this.#writer.windowUpdate(stream.id, stream.used);
    stream.receiveWindow += stream.used;
    stream.used = 0;
  }
}
