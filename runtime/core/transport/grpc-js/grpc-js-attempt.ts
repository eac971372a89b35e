import type { Channel, Metadata as GrpcMetadata, InterceptingListener, StatusObject } from "@grpc/grpc-js";
import type { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import { isGrpcType, notGrpc } from "../call/content-type.js";
import type { Attempt, AttemptListener } from "../endpoints/attempt.js";
import type { Metadata } from "../transport.js";
import { errorOf, failureOf, isOfHttp } from "./call-status.js";
import { fromGrpcMetadata } from "./grpc-js-metadata.js";

/** Counts what a server sends. */
export interface Heard {
  heard: number;
}

/** A call as grpc-js's channels make it: messages are bytes, and each is asked for before it comes. */
type ChannelCall = ReturnType<Channel["createCall"]>;

const NO_METADATA: Metadata = [];

/**
 * How long an answer that is not gRPC may take to its end, in milliseconds. grpc-js tells its status of HTTP, which says
 * more than its content type, only then.
 */
const FOREIGN_PATIENCE = 500;

/** An attempt over a grpc-js channel. Messages are asked for one at a time, so that a pause reaches the server. */
export class GrpcJsAttempt implements Attempt, InterceptingListener {
  readonly #call: ChannelCall;
  readonly #listener: AttemptListener;
  readonly #connection: Heard;
  readonly #sent: { readonly callback: () => void };
  #reading = false;
  #paused = false;
  #answered = false;
  #over = false;
  /** The error of an answer that is not gRPC, once its headers have come. */
  #foreign: GatewayError | undefined;
  #foreignTimer: NodeJS.Timeout | undefined;

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
  }

  resume(): void {
    this.#paused = false;
    this.#read();
  }

  cancel(): void {
    if (this.#over) return;
    this.#end();
    const cancel = (): void => this.#call.cancelWithStatus(Status.CANCELLED, "cancelled");
    cancel();
    // grpc-js opens the HTTP/2 stream some microtasks after the start, even if the call was cancelled in between.
    setImmediate(cancel);
  }

  onReceiveMetadata(headers: GrpcMetadata): void {
    if (this.#over) return;
    this.#connection.heard += 1;
    this.#answered = true;
    const contentType = headers.get("content-type")[0]?.toString();
    if (isGrpcType(contentType)) this.#listener.onHeaders(fromGrpcMetadata(headers));
    else this.#expectEnd(notGrpc(contentType));
  }

  onReceiveMessage(message: Buffer): void {
    if (this.#over) return;
    this.#connection.heard += 1;
    this.#reading = false;
    if (this.#foreign === undefined) this.#listener.onMessage(message);
    this.#read();
  }

  onReceiveStatus(status: StatusObject): void {
    if (this.#over) return;
    this.#connection.heard += 1;
    this.#end();
    if (this.#foreign !== undefined) {
      const error = isOfHttp(status) ? errorOf(status, this.#answered) : this.#foreign;
      this.#listener.onFailed("final", error, NO_METADATA);
      return;
    }
    const trailers = fromGrpcMetadata(status.metadata);
    if (status.code === Status.OK) {
      this.#listener.onOk(trailers);
      return;
    }
    // grpc-js knows the peer's certificate, be it an empty one, from the moment that an HTTP/2 stream is opened.
    const opened = this.#call.getAuthContext() !== null;
    const failure = this.#answered ? "final" : failureOf(status, opened);
    this.#listener.onFailed(failure, errorOf(status, this.#answered), trailers);
  }

  /** The answer is not gRPC: what comes of it is passed over, and its end is not waited for long. */
  #expectEnd(error: GatewayError): void {
    this.#foreign = error;
    this.#foreignTimer = setTimeout(() => {
      this.cancel();
      this.#listener.onFailed("final", error, NO_METADATA);
    }, FOREIGN_PATIENCE);
    this.#read();
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#foreignTimer);
  }

  #read(): void {
    const isPaused = this.#paused && this.#foreign === undefined;
    if (isPaused || this.#reading || this.#over) return;
    this.#reading = true;
    this.#call.startRead();
  }
}
