import type { Channel, Metadata as GrpcMetadata, InterceptingListener, StatusObject } from "@grpc/grpc-js";
import { Status } from "../../errors/status.js";
import type { Attempt, AttemptListener } from "../endpoints/attempt.js";
import { errorOf, failureOf } from "./call-status.js";
import { fromGrpcMetadata } from "./metadata.js";

/** A call as grpc-js's channels make it: messages are bytes, and each is asked for before it comes. */
type ChannelCall = ReturnType<Channel["createCall"]>;

/** An attempt over a grpc-js channel. Messages are asked for one at a time, so that a pause reaches the server. */
export class GrpcJsAttempt implements Attempt, InterceptingListener {
  readonly #call: ChannelCall;
  readonly #listener: AttemptListener;
  readonly #sent: { readonly callback: () => void };
  #reading = false;
  #paused = false;
  #answered = false;
  #over = false;

  constructor(call: ChannelCall, metadata: GrpcMetadata, listener: AttemptListener) {
    this.#call = call;
    this.#listener = listener;
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
    this.#over = true;
    const cancel = (): void => this.#call.cancelWithStatus(Status.CANCELLED, "cancelled");
    cancel();
    // grpc-js opens the HTTP/2 stream some microtasks after the start, even if the call was cancelled in between.
    setImmediate(cancel);
  }

  onReceiveMetadata(headers: GrpcMetadata): void {
    if (this.#over) return;
    this.#answered = true;
    this.#listener.onHeaders(fromGrpcMetadata(headers));
  }

  onReceiveMessage(message: Buffer): void {
    if (this.#over) return;
    this.#reading = false;
    this.#listener.onMessage(message);
    this.#read();
  }

  onReceiveStatus(status: StatusObject): void {
    if (this.#over) return;
    this.#over = true;
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

  #read(): void {
    if (this.#paused || this.#reading || this.#over) return;
    this.#reading = true;
    this.#call.startRead();
  }
}
