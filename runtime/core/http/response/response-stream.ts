import type { IncomingMessage } from "node:http";
import { Backpressure, type FrameSource } from "../../session/backpressure.js";
import type { HeldBytes } from "../../session/limit/unread-responses.js";
import type { HttpHeaders } from "../../transcode/headers/app-headers.js";
import { headOfBody } from "./body-head.js";
import { endResponse } from "./end-response.js";
import { failResponse } from "./failed-response.js";
import type { GatewayResponse } from "./gateway-response.js";
import type { ResponseHead } from "./response-heads.js";
import { addTrailers } from "./trailers.js";
import { writeFrames } from "./write-frames.js";

/**
 * A response body of frames. Frames that are written in one turn of the event loop are sent together, at its end. Each
 * is still an HTTP chunk of its own, as in etcd, because some clients, such as etcd3gw, expect one message per chunk.
 * While the client does not read, the source is paused.
 */
export class ResponseStream {
  readonly #res: GatewayResponse;
  readonly #backpressure: Backpressure;
  /** Whether no other response has begun. */
  readonly #isOurs: boolean;
  #frames: Buffer[] = [];

  /**
   * Begins the response. If another response has begun, the frames are discarded.
   *
   * @param head the status, and further headers
   * @param contentType the type of the whole body
   * @param buffer the most bytes that may come after the source was paused, beyond the current frame
   * @param hold begins to count the bytes that are held for the client
   */
  constructor(
    res: GatewayResponse,
    head: ResponseHead,
    contentType: string,
    buffer: number,
    source: FrameSource,
    hold: () => HeldBytes,
  ) {
    this.#res = res;
    this.#backpressure = new Backpressure(source, buffer, hold);
    this.#isOurs = !res.headersSent;
    try {
      this.#begin(head, contentType);
    } catch (error) {
      failResponse(res, error);
    }
  }

  #begin({ status, headers }: ResponseHead, contentType: string): void {
    const res = this.#res;
    res.on("drain", () => this.#backpressure.resume());
    res.on("close", () => this.#backpressure.close());
    if (!this.#isOurs) return;
    const all = {
      // Otherwise nginx delays frames until its buffer is full.
      "X-Accel-Buffering": "no",
      "Cache-Control": "no-store, no-transform",
      ...headers,
    };
    res.writeHead(status, headOfBody(all, contentType));
  }

  /** @throws GatewayError `RESOURCE_EXHAUSTED` if the source does not stop although it is paused */
  write(frame: Buffer): void {
    this.#backpressure.count(frame.length);
    this.#frames.push(frame);
    if (this.#frames.length === 1) setImmediate(() => this.flush());
  }

  /** Writes a frame without new content, such as a heartbeat, unless the client does not read. */
  writeIfIdle(frame: Buffer): void {
    if (!this.#backpressure.isPaused) this.write(frame);
  }

  /** Sends the waiting frames, a last text, and the trailers if there are any. Then ends the response. */
  end(req: IncomingMessage, last: string, trailers?: HttpHeaders): void {
    if (last !== "") this.#frames.push(Buffer.from(last));
    this.flush();
    if (this.#isOurs && !this.#res.writableEnded) addTrailers(this.#res, trailers);
    if (this.#isOurs && !this.#res.destroyed) endResponse(req, this.#res);
    // What waits is held until the client has received it, which closes the response.
    if (this.#res.writableLength > 0 && !this.#res.destroyed) this.#backpressure.pause();
  }

  /** Sends the waiting frames immediately. */
  flush(): void {
    const frames = this.#frames;
    this.#frames = [];
    if (frames.length === 0 || this.#res.destroyed) return;
    if (!this.#isOurs || this.#res.writableEnded) {
      // The app has ended the response, so further frames are of no use. A client that does not read may still delay
      // its closing.
      this.#backpressure.pause();
      return;
    }
    try {
      if (!writeFrames(this.#res, frames)) this.#backpressure.pause();
      this.#res.flush?.();
    } catch (error) {
      failResponse(this.#res, error);
    }
  }
}
