import { isIPv4, isIPv6 } from "node:net";

/** Where the command serves. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads `HOST:PORT`, `[IPV6]:PORT` or, for all interfaces, `:PORT`. `undefined`: it is none of them. */
export function listenAddress(text: string): ListenAddress | undefined {
  const [, bracketed, plain = "", digits] = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65535) return undefined;
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : undefined;
  if (plain === "") return { host: "0.0.0.0", port };
  return isIPv4(plain) || isHostName(plain) ? { host: plain, port } : undefined;
}

/** What is to be said of an address that lets in more than its reader may think; `undefined`: nothing. */
export function listenWarning({ host }: ListenAddress, port: number): string | undefined {
  if (host !== "0.0.0.0" && host !== "::") return undefined;
  return (
    "serving on all interfaces: whoever reaches this machine is served; " +
    `use --listen 127.0.0.1:${port} to serve this machine only`
  );
}

/** What consists of digits and dots alone is no name. */
function isHostName(text: string): boolean {
  return /^(?!-)[\w-]+(?:\.[\w-]+)*\.?$/.test(text) && !/^[\d.]+$/.test(text);
}
