import { pathOf } from "../../transcode/url/request-path.js";
import type { GatewayRequest } from "../body/gateway-request.js";

/**
 * Returns the path of a request, relative to where the handler is mounted. Under `/etcd`, Express turns `/etcd//v3`
 * into `/v3`. Middleware before the gateway that decides by path does not, so this function returns `//v3`.
 */
export function mountedPath({ url = "/", baseUrl = "", originalUrl = "" }: GatewayRequest): string {
  const path = pathOf(url);
  const hasLostSlash = originalUrl.length === baseUrl.length + url.length + 1 && originalUrl.startsWith(`${baseUrl}//`);
  return hasLostSlash ? `/${path}` : path;
}
