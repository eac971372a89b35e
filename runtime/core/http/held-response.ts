import { unreadBytes } from "../session/limit/slow-reader.js";
import type { HeldBytes } from "../session/limit/unread-responses.js";
import type { Exchange } from "./exchange.js";
import { cutResponse } from "./response/failed-response.js";

/** What is needed to disconnect the client of a response. */
type HeldExchange = Pick<Exchange, "context" | "req" | "res" | "record">;

/** Counts bytes of a response as held for its client, which may be disconnected if it does not read. */
export function holdResponse({ context, req, res, record }: HeldExchange, bytes: number): HeldBytes {
  return context.unreadResponses.hold(req.socket, bytes, (reason) => {
    record?.fail(reason);
    context.onError(reason, req);
    cutResponse(res);
  });
}

/**
 * Counts what waits on the connection of a response, which has been sent, as held until the client has received all of
 * it. Short responses count too: a client that reads none would keep its connection and the requests behind them.
 */
export function holdUnread(exchange: HeldExchange): void {
  const { req, res } = exchange;
  const waiting = req.socket.writableLength;
  if (waiting === 0 || res.destroyed) return;
  const held = holdResponse(exchange, unreadBytes(req.socket, waiting));
  res.on("close", () => held.release());
}
