import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import type { Attempt } from "../endpoints/attempt.js";
import { NO_METADATA } from "../metadata.js";
import type { CallOptions, Metadata, UnaryListener } from "../transport.js";
import { type CallContext, GrpcCall } from "./grpc-call.js";

/** A unary call. */
export class GrpcUnaryCall extends GrpcCall {
  readonly #request: Buffer;
  readonly #listener: UnaryListener;
  #headers: Metadata | undefined;
  #response: Buffer | undefined;

  constructor(context: CallContext, path: string, request: Buffer, options: CallOptions, listener: UnaryListener) {
    super(context, path, options, options.isLong === true || options.deadline === undefined ? "long" : "short");
    this.#request = request;
    this.#listener = listener;
  }

  protected override get repeatable(): boolean {
    return this.#headers === undefined;
  }

  protected override onAttempt(attempt: Attempt): void {
    attempt.send(this.#request, true);
  }

  override onSent(): void {}

  override onHeaders(headers: Metadata): void {
    this.#headers = headers;
  }

  override onMessage(message: Buffer): void {
    if (this.#response !== undefined) {
      this.abort(new GatewayError(Status.INTERNAL, "the server sent more than one response to a unary call"));
      return;
    }
    this.#response = message;
  }

  protected override onSuccess(trailers: Metadata): void {
    if (this.#response !== undefined) this.#listener.onResponse(this.#response, this.#headers ?? NO_METADATA, trailers);
    else this.onFailure(new GatewayError(Status.INTERNAL, "the server sent no response to a unary call"), trailers);
  }

  protected override onFailure(error: GatewayError, trailers: Metadata): void {
    this.#listener.onError(error, trailers, this.#headers);
  }
}
