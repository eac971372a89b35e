const LOOPBACK = ["localhost", "127.0.0.1", "::1"];

/**
 * Returns the host names that clients on this machine use for a server on a loopback address.
 *
 * Such a server should serve only this machine. But a web page can let its own host name point to a loopback address,
 * and then send requests to the server. Their `Host` is not in this list, so the server can reject them.
 *
 * @param host the address or the name that the server listens on
 * @returns `undefined` if it is not a loopback address
 */
export function loopbackHosts(host: string): readonly string[] | undefined {
  return LOOPBACK.includes(host) || /^(::ffff:)?127\./.test(host) ? [...LOOPBACK, host] : undefined;
}
