import { isIPv4, isIPv6 } from "node:net";

/** Where to open a socket: a host name or IP address, without brackets, and a port; or the path of a Unix socket. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/** Where a server is. */
export interface Endpoint {
  /** The text it was given as; for logs. */
  readonly text: string;
  readonly address: Address;
  /** `true` for `https://`, `false` for `http://`, `undefined` where the text does not say. */
  readonly secure: boolean | undefined;
}

const HOST_NAME = /^(?!-)[A-Za-z0-9_.-]{1,253}$/;

/**
 * Reads an endpoint: `host:port`, `http://host:port`, `https://host:port`, an IPv6 address in brackets, or `unix:path`.
 *
 * @throws TypeError that names the text and says what is wrong with it.
 */
export function parseEndpoint(text: string): Endpoint {
  if (text.startsWith("unix:")) {
    const path = text.slice("unix:".length).replace(/^\/\/(?=\/)/, "");
    if (path === "" || path.startsWith("//")) throw bad(text, "write unix:/path/to/socket");
    return { text, address: { path }, secure: undefined };
  }
  if (text.includes(",")) throw bad(text, "give several endpoints as a list, one an entry");
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text);
  const schemeName = scheme?.[1]?.toLowerCase();
  if (schemeName !== undefined && schemeName !== "http" && schemeName !== "https") {
    throw bad(text, `the scheme must be http or https, not ${schemeName}`);
  }
  const authority = text.slice(scheme?.[0].length ?? 0).replace(/\/$/, "");
  const parts = /^(\[[^\]]*\]|[^:[\]]*):([0-9]{1,5})$/.exec(authority);
  const host = parts?.[1];
  const port = Number(parts?.[2]);
  if (host === undefined) throw bad(text, "write host:port, and an IPv6 address in brackets");
  if (port < 1 || port > 65535) throw bad(text, "the port must be 1 to 65535");
  const secure = schemeName === undefined ? undefined : schemeName === "https";
  if (host.startsWith("[")) {
    const bare = host.slice(1, -1);
    if (!isIPv6(bare)) throw bad(text, "what stands in brackets must be an IPv6 address");
    return { text, address: { host: bare, port }, secure };
  }
  if (!isIPv4(host) && (!HOST_NAME.test(host) || /^[0-9.]+$/.test(host))) {
    throw bad(text, "the host is neither a name nor an IP address");
  }
  return { text, address: { host, port }, secure };
}

function bad(text: string, advice: string): TypeError {
  return new TypeError(`bad endpoint ${JSON.stringify(text)}: ${advice}`);
}
