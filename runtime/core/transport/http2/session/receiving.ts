import { ConnectionError } from "../frames/connection-error.js";
import { ErrorCode } from "../frames/error-code.js";
import { DEFAULT_WINDOW_SIZE } from "../frames/frame.js";
import type { FrameWriter } from "../frames/frame-writer.js";
import type { Http2Stream } from "./http2-stream.js";
import type { SessionOptions } from "./settings.js";
import { StreamError } from "./stream-error.js";

/**
 * Counts received data against the flow-control windows, and gives a window back when half of it has been used: RFC
 * 9113, section 5.2. The connection's window is always given back, so that a paused stream does not block the others.
 */
export class Receiving {
  readonly #writer: FrameWriter;
  readonly #connectionWindow: number;
  readonly #streamWindow: number;
  /** The number of bytes that may still arrive on the connection. */
  #window: number;
  /** The number of bytes that may still arrive for streams that have been canceled. */
  #late = 0;

  constructor(options: SessionOptions, writer: FrameWriter) {
    this.#writer = writer;
    this.#streamWindow = options.streamWindow;
    this.#connectionWindow = options.connectionWindow;
    this.#window = options.connectionWindow;
  }

  /** Widens the connection's window to its configured size, which no setting can do. Call it after the preface. */
  begin(): void {
    const more = this.#connectionWindow - DEFAULT_WINDOW_SIZE;
    if (more > 0) this.#writer.windowUpdate(0, more);
  }

  /** Counts data on the connection. @throws ConnectionError if it exceeds the window */
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

  /** Counts data on a stream. @throws StreamError if it exceeds the window */
  takeOf(stream: Http2Stream, size: number): void {
    stream.receiveWindow -= size;
    stream.used += size;
    if (stream.receiveWindow < 0) {
      throw new StreamError(ErrorCode.FLOW_CONTROL_ERROR, "more data than the window of the stream allows");
    }
  }

  /** Records that a stream has been canceled. As much data as its window allows may still be in transit. */
  giveUp(stream: Http2Stream): void {
    this.#late += Math.max(stream.receiveWindow, 0);
  }

  /** Counts data of a closed stream. @returns whether it may have been in transit when a stream was canceled */
  takeLate(size: number): boolean {
    const isLate = size <= this.#late;
    if (isLate) this.#late -= size;
    return isLate;
  }

  /** Gives back the used part of a stream's window, if it is large enough. */
  giveBack(stream: Http2Stream): void {
    if (stream.used < this.#streamWindow / 2) return;
    this.#writer.windowUpdate(stream.id, stream.used);
    stream.receiveWindow += stream.used;
    stream.used = 0;
  }
}
