import type { Route } from "../../transcode/route.js";

/**
 * The routes by which a browser's `EventSource`, which can only `GET`, has the streams of other routes: the same paths,
 * with the fields of the request in the query rather than the body. Such a stream takes one request message.
 */
export function eventSourceRoutes(routes: readonly Route[]): Route[] {
  return routes
    .filter(({ rpc }) => rpc.method.responseStream)
    .map(({ rpc, binding: { body, ...binding } }) => ({ rpc, binding: { ...binding, method: "GET" } }));
}
