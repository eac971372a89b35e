import type { Service } from "../../call/rpc.js";
import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import { nearestName } from "../../options/nearest-name.js";

/**
 * Returns the full names of the RPCs that a list of names stands for. The name of a service stands for all its RPCs.
 *
 * @throws TypeError if a name is neither an RPC nor a service
 */
export function exposedRpcs(services: readonly Service[], names: readonly string[]): ReadonlySet<string> {
  const exposed = new Set<string>();
  for (const name of names) {
    const rpcs = services
      .flatMap((service) => Object.values(service.rpcs).map((rpc) => ({ service: service.name, rpc: rpc.name })))
      .filter(({ service, rpc }) => service === name || rpc === name);
    if (rpcs.length === 0) throw unknown(name, services);
    for (const { rpc } of rpcs) exposed.add(rpc);
  }
  return exposed;
}

function unknown(name: string, services: readonly Service[]): TypeError {
  const known = services.flatMap((service) => [service.name, ...Object.values(service.rpcs).map((rpc) => rpc.name)]);
  const nearest = nearestName(name, known);
  const hint =
    nearest === undefined ? `expected a full name such as ${known[0]} or ${known[1]}` : `did you mean ${nearest}?`;
  return new TypeError(`invalid access.expose: unknown service or RPC ${JSON.stringify(name)}: ${hint}`);
}

/** Creates the error for a request to an RPC that exists, but that clients may not call. */
export function notExposed(rpc: string): GatewayError {
  return new GatewayError(
    Status.PERMISSION_DENIED,
    `${rpc} is not exposed by this gateway: see access.expose or --expose`,
  );
}
