import type { Service } from "../call/rpc.js";
import type { GatewaySettings } from "./gateway-settings.js";

/**
 * Checks that the RPCs that options name exist.
 *
 * @throws TypeError if one does not; the message names the option
 */
export function checkRpcNames({ services, timeouts, idempotent, streams }: GatewaySettings): void {
  const all = Object.values<Service>(services).flatMap(({ rpcs }) => Object.values(rpcs).map(({ name }) => name));
  const known = new Set(all);
  const check = (option: string, names: readonly string[]): void => {
    const unknown = names.find((name) => !known.has(name));
    if (unknown === undefined) return;
    throw new TypeError(
      `invalid ${option}: unknown RPC ${JSON.stringify(unknown)}: expected a full name such as ${all[0]}`,
    );
  };
  check("timeouts.rpcs", Object.keys(timeouts.rpcs));
  check("idempotent", idempotent);
  check("streams.events", Object.keys(streams.events));
}
