import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** What an id from outside may be: nothing in it can end a line of a log, or be taken for another field of it. */
const ID = /^[\w.:+/=@-]{1,128}$/;

/** The id by which a request can be followed: the client's `X-Request-Id`, or one that is made up. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const id = headers["x-request-id"];
  return typeof id === "string" && ID.test(id) ? id : randomUUID();
}
