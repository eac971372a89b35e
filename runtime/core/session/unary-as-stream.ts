import type { GatewayError } from "../errors/gateway-error.js";
import { NO_METADATA } from "../transport/metadata.js";
import type { Call, Metadata, StreamCall, StreamListener, UnaryListener } from "../transport/transport.js";
import { rejectLater } from "./limit/delayed-rejection.js";
import type { Places } from "./limit/places.js";
import type { SessionRequest } from "./session-request.js";

/** Presents a unary call as a stream. The first message makes the call. No other message may follow. */
export class UnaryAsStream implements StreamCall, UnaryListener {
  readonly #request: SessionRequest;
  readonly #listener: StreamListener;
  /** The places of unary calls. `undefined` if the connection already holds one of the places of this route. */
  readonly #places: Places | undefined;
  #call: Call | undefined;

  constructor(request: SessionRequest, listener: StreamListener) {
    const { route } = request;
    this.#request = request;
    this.#places = route.isLong ? undefined : route.places;
    this.#listener = listener;
  }

  /** @throws GatewayError if a header cannot be read */
  send(message: Uint8Array): boolean {
    const { context, req, route, record } = this.#request;
    const overload = this.#places?.tryEnter();
    if (overload !== undefined) {
      rejectLater(record, overload, (error) => this.#listener.onEnd(error, NO_METADATA));
      return true;
    }
    try {
      this.#call = context.caller.unary(route.rpc, message, req, this, record);
    } catch (error) {
      this.#places?.leave();
      throw error;
    }
    return true;
  }

  end(): void {}

  pause(): void {}

  resume(): void {}

  cancel(): void {
    this.#call?.cancel();
  }

  onResponse(message: Buffer, headers: Metadata, trailers: Metadata): void {
    this.#places?.leave();
    this.#listener.onHeaders(headers);
    this.#listener.onMessage(message);
    this.#listener.onEnd(undefined, trailers);
  }

  onError(error: GatewayError, trailers: Metadata): void {
    this.#places?.leave();
    this.#listener.onEnd(error, trailers);
  }
}
