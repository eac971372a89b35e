import type { Change } from "./change.js";

/**
 * Compares the routes of one RPC. A route has moved if an added route has the same path after the first segment (etcd's
 * API version), or if it is the only removed route and there is only one added route.
 */
export function compareRoutes(rpc: string, before: readonly string[], after: readonly string[]): Change[] {
  const removed = before.filter((route) => !after.includes(route));
  const added = after.filter((route) => !before.includes(route));
  const changes: Change[] = [];
  for (const from of [...removed]) {
    const [prefix, rest] = splitPrefix(from);
    const to = added.find((route) => splitPrefix(route)[1] === rest);
    if (to !== undefined) {
      const kind = `from ${prefix} to ${splitPrefix(to)[0]}`;
      changes.push({ subject: "routes", verb: "moved", text: `${rpc}: ${from} -> ${to}`, kind });
      removed.splice(removed.indexOf(from), 1);
      added.splice(added.indexOf(to), 1);
    }
  }
  const [from] = removed;
  const [to] = added;
  if (from !== undefined && to !== undefined && removed.length === 1 && added.length === 1) {
    return [...changes, { subject: "routes", verb: "moved", text: `${rpc}: ${from} -> ${to}` }];
  }
  return [
    ...changes,
    ...removed.map((route): Change => ({ subject: "routes", verb: "removed", text: `${rpc}: ${route}` })),
    ...added.map((route): Change => ({ subject: "routes", verb: "added", text: `${rpc}: ${route}` })),
  ];
}

/** Splits the first path segment from a route: `POST /v3beta/kv/range` becomes `/v3beta` and `POST /kv/range`. */
function splitPrefix(route: string): [prefix: string, rest: string] {
  const [, method = "", prefix = "", rest = ""] = /^(\S+ )(\/[^/]*)(.*)$/.exec(route) ?? [];
  return [prefix, `${method}${rest}`];
}
