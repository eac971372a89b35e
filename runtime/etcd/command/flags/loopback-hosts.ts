const LOOPBACK = ["localhost", "127.0.0.1", "::1"];

/**
 * Returns the host names that clients on this machine use for a server on a loopback address. Such a server should
 * serve no one else, but every web page that the machine's user opens can send requests to it.
 *
 * @param host the address or the name that the server listens on
 * @returns `undefined` if it is not a loopback address
 */
export function loopbackHosts(host: string): readonly string[] | undefined {
  return LOOPBACK.includes(host) || /^(::ffff:)?127\./.test(host) ? [...LOOPBACK, host] : undefined;
}
