import type { IncomingMessage } from "node:http";
import type { Rpc } from "../call/rpc.js";
import type { GatewayError } from "../gateway-error.js";
import type { Call, Metadata, StreamCall, StreamListener, UnaryListener } from "../transport/transport.js";
import type { Station } from "./exchange.js";

/** A unary call for those who know streams only: the first message calls, and no other may follow. */
export class UnaryAsStream implements StreamCall, UnaryListener {
  readonly #station: Station;
  readonly #rpc: Rpc;
  readonly #req: IncomingMessage;
  readonly #listener: StreamListener;
  #call: Call | undefined;

  constructor(station: Station, rpc: Rpc, req: IncomingMessage, listener: StreamListener) {
    this.#station = station;
    this.#rpc = rpc;
    this.#req = req;
    this.#listener = listener;
  }

  /** @throws GatewayError if too many unary calls are under way, or a header cannot be read */
  send(message: Uint8Array): boolean {
    const { caller, inFlight } = this.#station;
    inFlight.enter();
    try {
      this.#call = caller.unary(this.#rpc, message, this.#req, this);
    } catch (error) {
      inFlight.leave();
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
    this.#station.inFlight.leave();
    this.#listener.onHeaders(headers);
    this.#listener.onMessage(message);
    this.#listener.onEnd(undefined, trailers);
  }

  onError(error: GatewayError, trailers: Metadata): void {
    this.#station.inFlight.leave();
    this.#listener.onEnd(error, trailers);
  }
}
