import type { IncomingMessage } from "node:http";
import type { GatewayError } from "../errors/gateway-error.js";
import type { Call, Metadata, StreamCall, StreamListener, UnaryListener } from "../transport/transport.js";
import type { Places, SessionRoute, SessionSettings } from "./session-request.js";

/** A unary call for those who know streams only: the first message calls, and no other may follow. */
export class UnaryAsStream implements StreamCall, UnaryListener {
  readonly #context: SessionSettings;
  readonly #route: SessionRoute;
  readonly #req: IncomingMessage;
  readonly #listener: StreamListener;
  /** The places that the call has one of; none if the connection has one of these. */
  readonly #inFlight: Places | undefined;
  #call: Call | undefined;

  constructor(context: SessionSettings, route: SessionRoute, req: IncomingMessage, listener: StreamListener) {
    this.#context = context;
    this.#route = route;
    this.#inFlight = route.inFlight === context.streams ? undefined : route.inFlight;
    this.#req = req;
    this.#listener = listener;
  }

  /** @throws GatewayError if too many unary calls are under way, or a header cannot be read */
  send(message: Uint8Array): boolean {
    this.#inFlight?.enter();
    try {
      this.#call = this.#context.caller.unary(this.#route.rpc, message, this.#req, this);
    } catch (error) {
      this.#inFlight?.leave();
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
    this.#inFlight?.leave();
    this.#listener.onHeaders(headers);
    this.#listener.onMessage(message);
    this.#listener.onEnd(undefined, trailers);
  }

  onError(error: GatewayError, trailers: Metadata): void {
    this.#inFlight?.leave();
    this.#listener.onEnd(error, trailers);
  }
}
