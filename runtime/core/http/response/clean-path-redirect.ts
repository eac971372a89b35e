import { cleanPath, firstSegment } from "../../transcode/url/request-path.js";
import type { GatewayRequest } from "../body/gateway-request.js";
import { endResponse } from "./end-response.js";
import type { GatewayResponse } from "./gateway-response.js";

/** Matches mount paths that cannot be mistaken for the name of another host. */
const MOUNT = /^(?:\/[\w.~!$&'()*+,;=:@%-]+)*$/;

/**
 * Returns the location for a request whose path has no route, but whose clean path (without `//`, `/./` and `/../`) may
 * have one. Returns `undefined` if no redirect is needed.
 *
 * Due to the redirect, handlers receive only clean paths. Middleware before the gateway that decides by path sees them
 * too.
 *
 * @param path the request's path
 * @param roots first path segments that belong to the gateway
 */
export function cleanLocation(req: GatewayRequest, path: string, roots: ReadonlySet<string>): string | undefined {
  if (!/\/\/|\/\./.test(path)) return undefined;
  const { baseUrl = "", url = "/" } = req;
  const clean = cleanPath(baseUrl + path);
  const isOwn = clean.startsWith(`${baseUrl}/`) && roots.has(firstSegment(clean.slice(baseUrl.length)));
  if (clean === baseUrl + path || !isOwn || !MOUNT.test(baseUrl)) return undefined;
  const query = url.indexOf("?");
  return query === -1 ? clean : clean + url.slice(query);
}

/**
 * Redirects a client to the clean path, as etcd does: with 307, so that the client repeats the same request there. (An
 * etcd built with Go before 1.26 sends 301, after which clients send a GET.)
 */
export function sendRedirect(req: GatewayRequest, res: GatewayResponse, location: string): void {
  res.writeHead(307, { Location: location, "X-Content-Type-Options": "nosniff", "Content-Length": 0 });
  endResponse(req, res);
}
