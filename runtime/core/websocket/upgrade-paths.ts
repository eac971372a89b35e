/**
 * Tells which upgrades are a gateway's to take on a server that has other handlers of upgrades.
 *
 * @param mount the only path under which there are any; `undefined`: wherever one of the roots is a segment
 * @param roots the first segments of the gateway's routes
 */
export function upgradePaths(mount: string | undefined, roots: ReadonlySet<string>): (path: string) => boolean {
  if (mount === undefined) return (path) => path.split("/").some((segment) => roots.has(segment));
  const prefix = mount.endsWith("/") ? mount : `${mount}/`;
  return (path) => path.startsWith(prefix);
}
