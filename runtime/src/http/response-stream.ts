import { GatewayError } from "../gateway-error.js";
import { Status } from "../status.js";
import type { GatewayResponse } from "./exchange.js";

/** What the frames come from. */
export interface FrameSource {
  pause(): void;
  resume(): void;
}

/**
 * A response body of frames. Frames written within one turn of the event loop go out together, at its end. When the
 * client does not read, the source is paused until it does.
 */
export class ResponseStream {
  readonly #res: GatewayResponse;
  readonly #source: FrameSource;
  readonly #buffer: number;
  #frames: Buffer[] = [];
  #paused = false;
  /** Bytes that came since the source was paused. */
  #overdue = 0;

  /**
   * Begins the response.
   *
   * @param headers further response headers
   * @param contentType what the frames are together
   * @param buffer the most bytes that may come after the source was paused, beyond the frame under way
   */
  constructor(
    res: GatewayResponse,
    headers: Readonly<Record<string, string | string[]>>,
    contentType: string,
    buffer: number,
    source: FrameSource,
  ) {
    this.#res = res;
    this.#source = source;
    this.#buffer = buffer;
    res.on("drain", () => this.#resume());
    res.writeHead(200, {
      ...headers,
      "Content-Type": contentType,
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "no-store, no-transform",
      // nginx would otherwise hold frames back until its buffer is full.
      "X-Accel-Buffering": "no",
    });
  }

  /** @throws GatewayError `RESOURCE_EXHAUSTED` if the source goes on although it is paused */
  write(frame: Buffer): void {
    if (this.#paused) {
      if (this.#overdue > this.#buffer) {
        throw new GatewayError(Status.RESOURCE_EXHAUSTED, "the client does not read fast enough");
      }
      this.#overdue += frame.length;
    }
    this.#frames.push(frame);
    if (this.#frames.length === 1) setImmediate(() => this.flush());
  }

  /** Writes a frame that says nothing new, unless the client does not read. */
  writeIfIdle(frame: Buffer): void {
    if (!this.#paused) this.write(frame);
  }

  /** Sends the frames that wait, and then a last text, at once. */
  flush(last = ""): void {
    if (last !== "") this.#frames.push(Buffer.from(last));
    const [first, ...more] = this.#frames;
    if (first === undefined) return;
    const bytes = more.length === 0 ? first : Buffer.concat(this.#frames);
    this.#frames = [];
    if (this.#res.destroyed) return;
    if (!this.#res.write(bytes) && !this.#paused) {
      this.#paused = true;
      this.#source.pause();
    }
    this.#res.flush?.();
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#overdue = 0;
    this.#source.resume();
  }
}
