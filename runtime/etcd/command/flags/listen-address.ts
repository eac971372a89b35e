import { isIPv4, isIPv6 } from "node:net";
import { loopbackHosts } from "./loopback-hosts.js";

/** The address that the command serves on. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const MOST_PORT = 65535;

/** Reads `HOST:PORT`, `[IPV6]:PORT` or, for all interfaces, `:PORT`. Returns `undefined` for other text. */
export function listenAddress(text: string): ListenAddress | undefined {
  const [, bracketed, plain = "", digits] = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > MOST_PORT) return undefined;
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : undefined;
  if (plain === "") return { host: "0.0.0.0", port };
  return isIPv4(plain) || isHostName(plain) ? { host: plain, port } : undefined;
}

/** Returns advice for text that is not an address. */
export function listenAdvice(text: string): string {
  if (/^https?:/i.test(text)) return "remove the scheme; to serve HTTPS, use --listen-cert and --listen-key";
  if (/^unix:|^\/|^@/.test(text)) return "Unix sockets are not supported";
  if (/:\d+$/.test(text) && Number(text.slice(text.lastIndexOf(":") + 1)) > MOST_PORT)
    return `PORT is 0 to ${MOST_PORT}`;
  return "write 127.0.0.1:8080, [::1]:8080, or :8080 for all interfaces";
}

/** Returns a warning if other machines may reach an address, or `undefined` for loopback addresses. */
export function listenWarning({ host }: ListenAddress, port: number): string | undefined {
  if (loopbackHosts(host) !== undefined) return undefined;
  const where = host === "0.0.0.0" || host === "::" ? "all interfaces" : `${host}, which is not a loopback address`;
  return (
    `serving on ${where}: anyone who can reach this address can use the gateway; ` +
    `use --listen 127.0.0.1:${port} to serve only this machine, or --trusted-ca-file to require client certificates`
  );
}

/** Whether a text is a host name. Text that consists of digits and dots only is not. */
function isHostName(text: string): boolean {
  return /^(?!-)[\w-]+(?:\.[\w-]+)*\.?$/.test(text) && !/^[\d.]+$/.test(text);
}
