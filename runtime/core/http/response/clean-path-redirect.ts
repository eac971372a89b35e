import { cleanPath } from "../../transcode/url/request-path.js";
import type { GatewayRequest } from "../body/parsed-body.js";
import { endResponse } from "./early-response.js";
import type { GatewayResponse } from "./gateway-response.js";

/** A request, which Express tells where the handler is mounted. */
type MountedRequest = GatewayRequest & { readonly baseUrl?: string };

/** Where a handler is mounted, if nothing about it could be taken for the name of another host. */
const MOUNT = /^(?:\/[\w.~!$&'()*+,;=:@%-]+)*$/;

/**
 * Where a request should go whose path no route has, but under whose clean path (without `//`, `/./` and `/../`) routes may
 * be. `undefined`: nowhere else.
 *
 * Nothing but the clean path reaches a handler. What stands before the gateway and decides by paths sees it then, too.
 *
 * @param path the request's path
 * @param roots first segments of the paths that are the gateway's
 */
export function cleanLocation(req: MountedRequest, path: string, roots: ReadonlySet<string>): string | undefined {
  if (!/\/\/|\/\./.test(path)) return undefined;
  const { baseUrl = "", url = "/" } = req;
  const clean = cleanPath(baseUrl + path);
  const isOwn = clean.startsWith(`${baseUrl}/`) && roots.has(clean.slice(baseUrl.length).split("/", 2)[1] ?? "");
  if (clean === baseUrl + path || !isOwn || !MOUNT.test(baseUrl)) return undefined;
  const query = url.indexOf("?");
  return query === -1 ? clean : clean + url.slice(query);
}

/**
 * Sends a client to the clean path, as etcd does: with 307, so that it sends the same request there. (Builds by Go before
 * 1.26 answer 301, after which clients send a GET.)
 */
export function sendRedirect(req: GatewayRequest, res: GatewayResponse, location: string): void {
  res.writeHead(307, { Location: location, "X-Content-Type-Options": "nosniff", "Content-Length": 0 });
  endResponse(req, res);
}
