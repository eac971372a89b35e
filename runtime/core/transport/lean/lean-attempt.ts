import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import { broken, refused } from "../call/call-errors.js";
import { notGrpc } from "../call/content-type.js";
import { httpError, noStatus } from "../call/http-errors.js";
import { ANNOUNCED_FROM, type Attempt, type AttemptListener, type Failure } from "../endpoints/attempt.js";
import { ErrorCode } from "../http2/frames/error-code.js";
import type { Session } from "../http2/session/http2-session.js";
import { Http2Stream } from "../http2/session/http2-stream.js";
import type { ResponseFields } from "../http2/session/response-fields.js";
import type { StreamError } from "../http2/session/stream-error.js";
import { NO_METADATA } from "../metadata.js";
import type { Metadata } from "../transport.js";
import { type Response, readResponse, statusError } from "./grpc-response.js";
import { HeldData } from "./held-data.js";
import { MalformedMessage, MessagePart, messageLength, PREFIX_SIZE } from "./message-part.js";
import { resetMeaning } from "./reset.js";

/** A call on a session: an HTTP/2 stream that is read as gRPC. */
export class LeanAttempt extends Http2Stream implements Attempt {
  readonly #session: Session;
  readonly #listener: AttemptListener;
  /** The message of which only a part has arrived. */
  #part: MessagePart | undefined;
  /** Whether that message has been announced. */
  #isAnnounced = false;
  /** The data that arrived during a pause. */
  #held: HeldData | undefined;
  #trailers: Response | undefined;
  #isPaused = false;
  #isReleasing = false;
  /** Whether the peer has ended its side. The end is reported after all data before it. */
  #isEnded = false;
  #isOver = false;

  constructor(session: Session, listener: AttemptListener) {
    super();
    this.#session = session;
    this.#listener = listener;
  }

  send(message: Buffer, last: boolean): boolean {
    if (this.#isOver || this.#isEnded) return true;
    prefix.writeUInt32BE(message.length, 1);
    return this.#session.send(this, prefix, message, last);
  }

  end(): void {
    if (!this.#isOver && !this.#isEnded) this.#session.end(this);
  }

  pause(): void {
    this.#isPaused = true;
    this.isHeld = true;
  }

  resume(): void {
    this.#isPaused = false;
    if (!this.isHeld || this.#isReleasing) return;
    this.#isReleasing = true;
    process.nextTick(releaseHeld, this);
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#session.reset(this, ErrorCode.CANCEL);
    this.#held = undefined;
    this.#part = undefined;
  }

  override onHeaders(fields: ResponseFields, endStream: boolean): void {
    const response = readResponse(fields);
    // Fields that end the stream are trailers, even without headers before them.
    if (endStream && (fields.status === undefined || response.status !== undefined)) {
      this.#trailers = response;
      return;
    }
    if (fields.status === undefined) return;
    if (fields.status !== 200) {
      this.#giveUp(httpError(fields.status));
      return;
    }
    if (!response.isGrpc) {
      this.#giveUp(notGrpc(response.contentType));
      return;
    }
    this.#listener.onHeaders(response.metadata);
  }

  override onData(bytes: Buffer): void {
    const at = this.isHeld ? 0 : this.#read(bytes);
    if (at === bytes.length || this.#isOver) return;
    this.#held ??= new HeldData();
    this.#held.append(bytes.subarray(at));
  }

  override onSent(): void {
    if (!this.#isOver) this.#listener.onSent();
  }

  override onEnd(): void {
    this.#isEnded = true;
    if (!this.isHeld) this.#finish();
  }

  override onReset(code: number): void {
    const { failure, error } = resetMeaning(code, this.hasHeaders);
    this.#fail(failure, error);
  }

  override onError(error: StreamError): void {
    const text = `malformed response: ${error.message}`;
    this.#fail("final", new GatewayError(Status.INTERNAL, text, { cause: error }));
  }

  override onLost(wasSent: "no" | "unprocessed" | "yes", reason: Error): void {
    if (wasSent === "no") this.#fail("not sent", broken(reason));
    else if (wasSent === "unprocessed") this.#fail("refused", refused(reason));
    else this.#fail(this.hasHeaders ? "final" : "broken", broken(reason));
  }

  /** Continues with the held data after a pause. */
  releaseHeld(): void {
    this.#isReleasing = false;
    if (this.#isPaused || this.#isOver) return;
    this.isHeld = false;
    const held = this.#held;
    if (held !== undefined) {
      const { bytes } = held;
      const at = this.#read(bytes);
      if (this.#isOver) return;
      held.drop(at);
      if (at < bytes.length || this.isHeld) return;
      this.#held = undefined;
    }
    if (this.#isEnded) this.#finish();
    else this.#session.release(this);
  }

  /**
   * Passes the messages in response bytes to the listener until there is a pause. @returns how many bytes were
   * processed
   */
  #read(bytes: Buffer): number {
    let at = 0;
    try {
      while (at < bytes.length && !this.isHeld && !this.#isOver) {
        at = this.#part === undefined ? this.#readWhole(bytes, at) : this.#readPart(this.#part, bytes, at);
      }
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      this.#giveUp(new GatewayError(error.code, error.message));
    }
    return at;
  }

  /** Reads a message. If it is contiguous, it is passed on without copying. */
  #readWhole(bytes: Buffer, at: number): number {
    const start = at + PREFIX_SIZE;
    if (start <= bytes.length) {
      const end = start + messageLength(bytes, at);
      if (end <= bytes.length) {
        this.#listener.onMessage(bytes.subarray(start, end));
        return end;
      }
    }
    this.#part = new MessagePart();
    this.#isAnnounced = false;
    return this.#readPart(this.#part, bytes, at);
  }

  #readPart(part: MessagePart, bytes: Buffer, start: number): number {
    const at = part.take(bytes, start);
    const { message } = part;
    if (message !== undefined) {
      this.#part = undefined;
      this.#listener.onMessage(message);
    } else if (!this.#isAnnounced && part.length >= ANNOUNCED_FROM) {
      this.#isAnnounced = true;
      this.#listener.onLarge(part.length);
    }
    return at;
  }

  /** Ends the call according to the trailers that the peer has sent. */
  #finish(): void {
    if (this.#isOver) return;
    const trailers = this.#trailers;
    if (trailers === undefined) {
      this.#fail("final", noStatus());
    } else if (trailers.status === undefined) {
      this.#fail("final", httpError(200), trailers.metadata);
    } else if (trailers.status !== "0") {
      this.#fail("final", statusError(trailers), trailers.metadata);
    } else if (this.#part !== undefined) {
      this.#fail("final", new GatewayError(Status.INTERNAL, "the response ends in the middle of a message"));
    } else {
      this.#isOver = true;
      this.#listener.onOk(trailers.metadata);
    }
  }

  /** Ends the call because of an invalid response, and resets the stream. */
  #giveUp(error: GatewayError): void {
    if (this.#isOver) return;
    this.#session.reset(this, ErrorCode.CANCEL);
    this.#fail("final", error);
  }

  #fail(failure: Failure, error: GatewayError, trailers: Metadata = NO_METADATA): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#held = undefined;
    this.#part = undefined;
    this.#listener.onFailed(failure, error, trailers);
  }
}

/** The prefix of a message, in bytes that are reused. The session copies them. */
const prefix = Buffer.alloc(PREFIX_SIZE);

function releaseHeld(attempt: LeanAttempt): void {
  attempt.releaseHeld();
}
