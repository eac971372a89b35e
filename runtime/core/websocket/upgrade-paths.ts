/**
 * Creates a function that tells whether a gateway handles upgrades of a path, on a server with other upgrade handlers.
 *
 * @param mount the only path under which it does. `undefined`: every path with a segment that is one of the roots
 * @param roots the first segments of the gateway's routes
 */
export function upgradePaths(mount: string | undefined, roots: ReadonlySet<string>): (path: string) => boolean {
  if (mount === undefined) return (path) => path.split("/").some((segment) => roots.has(segment));
  const prefix = mount.endsWith("/") ? mount : `${mount}/`;
  return (path) => path.startsWith(prefix);
}
