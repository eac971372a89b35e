import type { Binding, Rpc, Service } from "../call/rpc.js";

/** One way to call an RPC: the RPC with one of its bindings. */
export interface Route {
  readonly rpc: Rpc;
  /** How to read the JSON of its service's requests. */
  readonly json?: Service["json"];
  /** The binding. Under an alias, it has the alias's path. */
  readonly binding: Binding;
}

/**
 * Returns the routes of services, in order.
 *
 * @param aliases further prefixes: `{ "/v3beta": "/v3" }` adds a route under `/v3beta` for every route under `/v3`
 * @param unbound whether RPCs without a rule also have a route: gRPC's own path, `POST /package.Service/Method`
 */
export function routesOf(
  services: readonly Service[],
  aliases: Readonly<Record<string, string>> = {},
  unbound = false,
): Route[] {
  const bound = services
    .flatMap(({ rpcs, json }) => Object.values(rpcs).map((rpc) => ({ rpc, json })))
    .flatMap(({ rpc, json }) => bindingsOf(rpc, unbound).map((binding) => ({ rpc, json, binding })));
  const renamed = Object.entries(aliases).flatMap(([alias, prefix]) =>
    bound
      .filter(({ binding }) => binding.template.startsWith(`${prefix}/`))
      .map(({ binding, ...route }) => ({ ...route, binding: underAlias(binding, alias, prefix) })),
  );
  return [...bound, ...renamed];
}

function bindingsOf({ bindings, method }: Rpc, unbound: boolean): readonly Binding[] {
  if (bindings.length > 0 || !unbound) return bindings;
  return [{ method: "POST", template: method.path, body: "*" }];
}

function underAlias(binding: Binding, alias: string, prefix: string): Binding {
  const template = alias + binding.template.slice(prefix.length);
  if (binding.segments === undefined) return { ...binding, template };
  const added = alias.split("/").slice(1);
  const removed = prefix.split("/").length - 1;
  const shift = added.length - removed;
  return {
    ...binding,
    template,
    segments: [...added, ...binding.segments.slice(removed)],
    variables: (binding.variables ?? []).map((v) => ({ ...v, start: v.start + shift, end: v.end + shift })),
  };
}
