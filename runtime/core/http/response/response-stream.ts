import type { IncomingMessage } from "node:http";
import type { HttpHeaders } from "../../call/app-headers.js";
import { Backpressure, type FrameSource } from "../../session/backpressure.js";
import type { HeldBytes } from "../../session/slow-readers.js";
import { endResponse } from "./early-response.js";
import { failResponse } from "./failed-response.js";
import type { GatewayResponse } from "./gateway-response.js";
import type { ResponseHead } from "./response-heads.js";
import { addTrailers } from "./trailers.js";
import { writeFrames } from "./write-frames.js";

/**
 * A response body of frames. Frames written within one turn of the event loop go out together, at its end, but each as
 * an HTTP chunk of its own, as etcd sends them: there are clients that take a chunk for a message, such as etcd3gw. When
 * the client does not read, the source is paused until it does.
 */
export class ResponseStream {
  readonly #res: GatewayResponse;
  readonly #backpressure: Backpressure;
  /** Whether nobody else has begun to answer. */
  readonly #isOurs: boolean;
  #frames: Buffer[] = [];

  /**
   * Begins the response, unless another has: then the frames go nowhere.
   *
   * @param head its status, and further headers
   * @param contentType what the frames are together
   * @param buffer the most bytes that may come after the source was paused, beyond the frame under way
   * @param hold begins to count what is held for the client
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
    res.on("drain", () => this.#backpressure.release());
    res.on("close", () => this.#backpressure.close());
    if (!this.#isOurs) return;
    res.writeHead(status, {
      // nginx would otherwise hold frames back until its buffer is full.
      "X-Accel-Buffering": "no",
      "Cache-Control": "no-store, no-transform",
      ...headers,
      "Content-Type": headers["Content-Type"] ?? contentType,
      "X-Content-Type-Options": "nosniff",
    });
  }

  /** @throws GatewayError `RESOURCE_EXHAUSTED` if the source goes on although it is paused */
  write(frame: Buffer): void {
    this.#backpressure.count(frame.length);
    this.#frames.push(frame);
    if (this.#frames.length === 1) setImmediate(() => this.flush());
  }

  /** Writes a frame that says nothing new, unless the client does not read. */
  writeIfIdle(frame: Buffer): void {
    if (!this.#backpressure.isHolding) this.write(frame);
  }

  /** Sends the frames that wait, then a last text and the trailers, if the client takes any, and ends the response. */
  end(req: IncomingMessage, last: string, trailers?: HttpHeaders): void {
    if (last !== "") this.#frames.push(Buffer.from(last));
    this.flush();
    if (this.#isOurs && !this.#res.writableEnded) addTrailers(this.#res, trailers);
    if (this.#isOurs && !this.#res.destroyed) endResponse(req, this.#res);
  }

  /** Sends the frames that wait at once. */
  flush(): void {
    const frames = this.#frames;
    this.#frames = [];
    if (frames.length === 0 || this.#res.destroyed) return;
    if (!this.#isOurs || this.#res.writableEnded) {
      // Ended by the app: nothing more is of use, though a client that does not read may keep the response from closing.
      this.#backpressure.hold();
      return;
    }
    try {
      if (!writeFrames(this.#res, frames)) this.#backpressure.hold();
      this.#res.flush?.();
    } catch (error) {
      failResponse(this.#res, error);
    }
  }
}
