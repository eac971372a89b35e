import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Ids from clients that are accepted. They cannot end a line of a log, or look like another field of it. */
const ID = /^[\w.:+/=@-]{1,128}$/;

/** Returns the id by which a request can be followed: the client's `X-Request-Id`, or a random UUID. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const id = headers["x-request-id"];
  return typeof id === "string" && ID.test(id) ? id : randomUUID();
}
