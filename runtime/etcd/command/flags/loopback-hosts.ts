const LOOPBACK = ["localhost", "127.0.0.1", "::1"];

/**
 * The hosts that clients of this machine name when a server listens on a loopback address. Every page that the machine's
 * user looks at can reach such a server, and no one else is meant to.
 *
 * @param host the address or the name that the server listens on
 * @returns `undefined` if it is no loopback address
 */
export function loopbackHosts(host: string): readonly string[] | undefined {
  return LOOPBACK.includes(host) || /^(::ffff:)?127\./.test(host) ? [...LOOPBACK, host] : undefined;
}
