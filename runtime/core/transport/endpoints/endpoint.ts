import { statSync } from "node:fs";
import { isIPv4, isIPv6 } from "node:net";
import { dirname } from "node:path";
import { shown } from "../../options/shown.js";

/** The address of a socket: a host name or IP address (without brackets) and a port, or the path of a Unix socket. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/** The endpoint of a server. */
export interface Endpoint {
  /** The text that it was parsed from, for logs. */
  readonly text: string;
  readonly address: Address;
  /** `true` for `https://`, `false` for `http://`, `undefined` for neither. */
  readonly secure: boolean | undefined;
}

const HOST_NAME = /^(?!-)[A-Za-z0-9_.-]{1,253}$/;

/**
 * Parses an endpoint: `host:port`, `http://host:port`, `https://host:port`, an IPv6 address in brackets, or
 * `unix:path`.
 *
 * @param option the path of the option that contains it
 * @throws TypeError with the option, the text and the fault
 */
export function parseEndpoint(text: string, option = "endpoint"): Endpoint {
  const bad = (advice: string): TypeError => new TypeError(`invalid ${option} ${shown(text)}: ${advice}`);
  if (text.startsWith("unix:")) {
    const path = text.slice("unix:".length).replace(/^\/\/(?=\/)/, "");
    if (path === "" || path.startsWith("//")) throw bad("expected unix:/path/to/socket");
    const fault = socketFault(path);
    if (fault !== undefined) throw bad(fault);
    return { text, address: { path }, secure: undefined };
  }
  if (text.includes(",")) throw bad("expected one endpoint; write several endpoints as a list");
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text);
  const schemeName = scheme?.[1]?.toLowerCase();
  if (schemeName !== undefined && schemeName !== "http" && schemeName !== "https") {
    throw bad(`expected the scheme http or https, got ${schemeName}`);
  }
  const authority = text.slice(scheme?.[0].length ?? 0).replace(/\/$/, "");
  const parts = /^(\[[^\]]*\]|[^:[\]]*):([0-9]{1,5})$/.exec(authority);
  const host = parts?.[1];
  const port = Number(parts?.[2]);
  if (host === undefined) throw bad("expected host:port, with an IPv6 address in brackets");
  if (port < 1 || port > 65535) throw bad("expected a port from 1 to 65535");
  const secure = schemeName === undefined ? undefined : schemeName === "https";
  if (host.startsWith("[")) {
    const bare = host.slice(1, -1);
    if (!isIPv6(bare)) throw bad("expected an IPv6 address in brackets");
    return { text, address: { host: bare, port }, secure };
  }
  if (!isIPv4(host) && (!HOST_NAME.test(host) || /^[0-9.]+$/.test(host))) {
    throw bad("expected a host name or an IP address before the port");
  }
  return { text, address: { host, port }, secure };
}

/** Returns the reason why no server can listen on a path, if there is one. The socket itself may not exist yet. */
function socketFault(path: string): string | undefined {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there !== undefined) return there.isSocket() ? undefined : `${path} is not a socket`;
  const folder = dirname(path);
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
    ? undefined
    : `the folder does not exist: ${folder}`;
}
