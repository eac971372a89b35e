import type { Duplex } from "node:stream";
import type { Channel, Metadata as GrpcMetadata, InterceptingListener, StatusObject } from "@grpc/grpc-js";
import type { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import { isGrpcType, notGrpc } from "../call/content-type.js";
import { httpError, noStatus } from "../call/http-errors.js";
import { ANNOUNCED_FROM, type Attempt, type AttemptListener } from "../endpoints/attempt.js";
import { NO_METADATA } from "../metadata.js";
import { errorOf, failureOf, isOfHttp } from "./call-status.js";
import { fromGrpcMetadata } from "./grpc-js-metadata.js";
import { type Http2Response, http2ResponseOf } from "./http2-response.js";

/** Counts the events from a server. */
export interface Heard {
  heard: number;
}

/** A call on a grpc-js channel. Its messages are bytes, and each one must be requested. */
type ChannelCall = ReturnType<Channel["createCall"]>;

/**
 * How long to wait for the status of a response that is not gRPC, or that the server has ended, in milliseconds. grpc-js
 * may still know a better error than this attempt, and may still hold messages.
 */
const STATUS_PATIENCE = 500;

/**
 * An attempt over a grpc-js channel. It requests one message at a time, so that a pause reaches the server. For a pause
 * in the middle of a message, it pauses the HTTP/2 stream.
 */
export class GrpcJsAttempt implements Attempt, InterceptingListener {
  readonly #call: ChannelCall;
  readonly #listener: AttemptListener;
  readonly #connection: Heard;
  readonly #sent: { readonly callback: () => void };
  #response: Http2Response | undefined;
  #reading = false;
  #paused = false;
  /** Whether the message that is arriving has been announced. */
  #isAnnounced = false;
  #hasResponded = false;
  #over = false;
  /** The error for a response that is not gRPC, after its headers have arrived. */
  #foreign: GatewayError | undefined;
  /** Whether the server has ended the response without a status. Messages may still be waiting in grpc-js. */
  #ended = false;
  #statusTimer: NodeJS.Timeout | undefined;

  constructor(call: ChannelCall, metadata: GrpcMetadata, listener: AttemptListener, connection: Heard) {
    this.#call = call;
    this.#listener = listener;
    this.#connection = connection;
    this.#sent = {
      callback: () => {
        if (!this.#over) listener.onSent();
      },
    };
    call.start(metadata, this);
    this.#read();
  }

  send(message: Buffer, last: boolean): boolean {
    this.#call.sendMessageWithContext(this.#sent, message);
    if (last) this.#call.halfClose();
    return false;
  }

  end(): void {
    this.#call.halfClose();
  }

  pause(): void {
    this.#paused = true;
    this.#response?.stream.pause();
  }

  resume(): void {
    this.#paused = false;
    if (this.#reading) this.#response?.stream.resume();
    else this.#read();
  }

  cancel(): void {
    if (this.#over) return;
    this.#end();
    const cancel = (): void => this.#call.cancelWithStatus(Status.CANCELLED, "canceled");
    cancel();
    // grpc-js opens the HTTP/2 stream a few microtasks after the start, even if the call has been canceled in between.
    setImmediate(cancel);
  }

  onReceiveMetadata(headers: GrpcMetadata): void {
    if (this.#over) return;
    this.#connection.heard += 1;
    this.#hasResponded = true;
    const contentType = headers.get("content-type")[0]?.toString();
    const response = http2ResponseOf(this.#call);
    if (response !== undefined && response.status !== 200) this.#expectStatus(httpError(response.status));
    else if (!isGrpcType(contentType)) this.#expectStatus(notGrpc(contentType));
    else {
      if (response !== undefined) this.#follow(response);
      // If the request has ended, the stream closes with the response, and grpc-js reports that.
      if (response?.stream.writableFinished === false) this.#awaitEnd(response.stream);
      this.#listener.onHeaders(fromGrpcMetadata(headers));
    }
  }

  onReceiveMessage(message: Buffer): void {
    if (this.#over) return;
    this.#connection.heard += 1;
    this.#reading = false;
    if (this.#isAnnounced) this.#response?.forget();
    this.#isAnnounced = false;
    if (this.#ended) clearTimeout(this.#statusTimer);
    if (this.#foreign === undefined) this.#listener.onMessage(message);
    this.#read();
  }

  onReceiveStatus(status: StatusObject): void {
    if (this.#over) return;
    this.#connection.heard += 1;
    this.#end();
    if (this.#foreign !== undefined) {
      const error = isOfHttp(status) ? errorOf(status, this.#hasResponded) : this.#foreign;
      this.#listener.onFailed("final", error, NO_METADATA);
      return;
    }
    const trailers = fromGrpcMetadata(status.metadata);
    if (status.code === Status.OK) {
      this.#listener.onOk(trailers);
      return;
    }
    // grpc-js knows the peer's certificate, possibly an empty one, as soon as an HTTP/2 stream is open.
    const opened = this.#call.getAuthContext() !== null;
    const failure = this.#hasResponded ? "final" : failureOf(status, opened);
    this.#listener.onFailed(failure, errorOf(status, this.#hasResponded), trailers);
  }

  /** Announces large messages when they begin to arrive. */
  #follow(response: Http2Response): void {
    const { stream } = response;
    this.#response = response;
    if (this.#paused) stream.pause();
    // This listener runs after that of grpc-js.
    stream.on("data", () => {
      if (this.#isAnnounced || this.#over) return;
      const length = response.arriving();
      if (length < ANNOUNCED_FROM) return;
      this.#isAnnounced = true;
      this.#listener.onLarge(length);
    });
  }

  /** Handles a response that is not gRPC. Its content is ignored, and its end is awaited only briefly. */
  #expectStatus(error: GatewayError): void {
    this.#foreign = error;
    this.#giveUpLater(error);
    this.#read();
  }

  /** Notices if the server ends the response without trailers while the request continues: grpc-js does not. */
  #awaitEnd(stream: Duplex): void {
    let hasTrailers = false;
    stream.once("trailers", () => {
      hasTrailers = true;
    });
    stream.once("end", () => {
      if (hasTrailers || this.#over) return;
      this.#ended = true;
      if (this.#reading) this.#giveUpLater(noStatus());
    });
  }

  #giveUpLater(error: GatewayError): void {
    clearTimeout(this.#statusTimer);
    this.#statusTimer = setTimeout(() => {
      this.cancel();
      this.#listener.onFailed("final", error, NO_METADATA);
    }, STATUS_PATIENCE);
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#statusTimer);
  }

  #read(): void {
    const isPaused = this.#paused && this.#foreign === undefined;
    if (isPaused || this.#reading || this.#over) return;
    this.#reading = true;
    this.#call.startRead();
    if (this.#ended) this.#giveUpLater(noStatus());
  }
}
