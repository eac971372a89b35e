import type { HeldBytes } from "../session/slow-readers.js";
import type { Exchange } from "./exchange.js";
import { cutResponse } from "./response/failed-response.js";

/** Counts bytes of a response as held for its client, which may be disconnected if it does not read. */
export function holdResponse({ context, req, res, record }: Exchange, bytes: number): HeldBytes {
  return context.slowReaders.hold(req.socket, bytes, (reason) => {
    record?.fail(reason);
    context.onError(reason, req);
    cutResponse(res);
  });
}
