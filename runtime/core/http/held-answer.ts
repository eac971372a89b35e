import type { HeldBytes } from "../session/slow-readers.js";
import type { Exchange } from "./exchange.js";
import { cutResponse } from "./response/failed-response.js";

/** Begins to count the bytes of an answer that are held for its client, which may be cut off for its slowness. */
export function holdAnswer({ context, req, res, record }: Exchange, bytes: number): HeldBytes {
  return context.slowReaders.hold(req.socket, bytes, (reason) => {
    record?.fail(reason);
    context.onError(reason, req);
    cutResponse(res);
  });
}
