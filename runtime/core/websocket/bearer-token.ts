import type { IncomingHttpHeaders } from "node:http";

/**
 * Returns the subprotocol to select if the client offers `Bearer, <token>`, in the client's spelling. Browsers cannot
 * set headers for a WebSocket, so they send tokens this way. Returns `undefined` if the client does not offer it.
 */
export function bearerProtocol(protocols: ReadonlySet<string>): string | undefined {
  const [first] = protocols;
  return first?.toLowerCase() === "bearer" && protocols.size === 2 ? first : undefined;
}

/**
 * Returns the `Authorization` of a handshake, from the header, the subprotocol or the cookie `token`, as in
 * grpc-websocket-proxy.
 *
 * @see https://github.com/tmc/grpc-websocket-proxy
 */
export function authorizationOf(headers: IncomingHttpHeaders): string | undefined {
  const { authorization, cookie } = headers;
  if (authorization !== undefined) return authorization;
  const token = protocolToken(headers["sec-websocket-protocol"]) ?? cookieToken(cookie);
  return token === undefined ? undefined : `Bearer ${token}`;
}

function protocolToken(header: string | undefined): string | undefined {
  return /^\s*bearer\s*,\s*([^\s,]+)\s*$/i.exec(header ?? "")?.[1];
}

function cookieToken(header: string | undefined): string | undefined {
  return /(?:^|;)\s*token="?([^\s;"]+)"?\s*(?:;|$)/.exec(header ?? "")?.[1];
}
