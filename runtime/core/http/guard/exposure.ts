import type { Service } from "../../call/rpc.js";
import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";

/**
 * The rpcs that names stand for: of an rpc, or of a service for all of its rpcs.
 *
 * @throws TypeError for a name that is neither
 */
export function exposedRpcs(services: readonly Service[], names: readonly string[]): ReadonlySet<string> {
  const exposed = new Set<string>();
  for (const name of names) {
    const rpcs = services
      .flatMap((service) => Object.values(service.rpcs).map((rpc) => ({ service: service.name, rpc: rpc.name })))
      .filter(({ service, rpc }) => service === name || rpc === name);
    if (rpcs.length === 0) {
      const known = services.at(-1);
      const [example] = Object.values(known?.rpcs ?? {});
      throw new TypeError(
        `bad access.expose: no service or rpc is called ${JSON.stringify(name)}; ` +
          `names are like ${known?.name} and ${example?.name}`,
      );
    }
    for (const { rpc } of rpcs) exposed.add(rpc);
  }
  return exposed;
}

/** The error of a request for an rpc that is there, but not for clients. */
export function notExposed(rpc: string): GatewayError {
  return new GatewayError(Status.PERMISSION_DENIED, `${rpc} is not exposed by this gateway`);
}
