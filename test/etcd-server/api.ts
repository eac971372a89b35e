import { services } from "../../generated/index.js";
import type { Service } from "../../runtime/core/call/rpc.js";

const ROUTES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.values<Service>(services)
    .flatMap((service) => Object.values(service.rpcs))
    .map((rpc) => [rpc.name, rpc.bindings.map(({ template }) => template.replace(/^\/v3(alpha|beta)?/, ""))]),
);

/**
 * Whether the API that `generated/` has reaches an rpc under a path, given without its prefix; `proto:update` may have
 * taken the API of an older etcd, to which a test then does not apply.
 */
export function hasRoute(rpc: string, path: string): boolean {
  return ROUTES.get(rpc)?.includes(path) ?? false;
}

/** Whether the API that `generated/` has knows an rpc, with a route or without. */
export function hasRpc(rpc: string): boolean {
  return ROUTES.has(rpc);
}
