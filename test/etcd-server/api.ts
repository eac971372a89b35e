import { services } from "../../generated/index.js";
import type { Service } from "../../runtime/core/call/rpc.js";

const ROUTES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.values<Service>(services)
    .flatMap((service) => Object.values(service.rpcs))
    .map((rpc) => [rpc.name, rpc.bindings.map(({ template }) => template.replace(/^\/v3(alpha|beta)?/, ""))]),
);

/**
 * Whether the API in `generated/` has a route for an RPC at a path without its prefix. `proto:update` can generate the
 * API of an older etcd, and tests of newer routes do not apply to it.
 */
export function hasRoute(rpc: string, path: string): boolean {
  return ROUTES.get(rpc)?.includes(path) ?? false;
}

/** Whether the API in `generated/` contains an RPC, with or without a route. */
export function hasRpc(rpc: string): boolean {
  return ROUTES.has(rpc);
}
