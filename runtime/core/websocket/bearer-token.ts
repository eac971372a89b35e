import type { IncomingHttpHeaders } from "node:http";

/**
 * The subprotocol under which a browser, which can set no header, sends a token: `Bearer, <token>`. It is the one to
 * answer, in the client's spelling. `undefined`: the client has not offered it.
 */
export function bearerProtocol(protocols: ReadonlySet<string>): string | undefined {
  const [first] = protocols;
  return first?.toLowerCase() === "bearer" && protocols.size === 2 ? first : undefined;
}

/**
 * The `Authorization` of a handshake: the header, or the subprotocol, or the cookie `token`, as in grpc-websocket-proxy.
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
