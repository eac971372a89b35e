import { Code, type RpcError } from "@etcd-gateway/client";

/**
 * Tells whether the same request may succeed later: the connection was lost, the server was unavailable or overloaded, or
 * a proxy sent an error of its own.
 */
export function isPassing({ code, httpStatus = 0 }: RpcError): boolean {
  const isOfServer = httpStatus === 429 || (httpStatus >= 500 && httpStatus !== 501);
  return code === Code.UNAVAILABLE || code === Code.CANCELLED || isOfServer;
}
