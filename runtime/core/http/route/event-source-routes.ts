import type { Route } from "../../transcode/route.js";

/**
 * Creates the routes for a browser's `EventSource`, which can only send `GET`. They have the paths of the routes whose
 * RPCs stream responses. The fields of the request are in the query instead of the body. Such a stream has one request
 * message.
 */
export function eventSourceRoutes(routes: readonly Route[]): Route[] {
  return routes
    .filter(({ rpc }) => rpc.method.responseStream)
    .map(({ rpc, binding: { body, ...binding } }) => ({ rpc, binding: { ...binding, method: "GET" } }));
}
