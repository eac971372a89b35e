import { type Dialect, grpcGatewayV1, grpcGatewayV2 } from "@etcd-gateway/runtime";
import { PATH_PREFIXES } from "../api/version-prefixes.js";
import type { DialectChoice, DialectName } from "../options/dialect-names.js";
import { ETCD_GATEWAY_OPTIONS } from "../options/etcd-gateway-settings.js";

/** The dialects of a gateway, as options of `createGateway`. */
export interface Dialects {
  readonly dialect: Dialect;
  readonly dialects: Readonly<Record<string, Dialect>>;
}

const DIALECTS: Readonly<Record<DialectName, Dialect>> = { v1: grpcGatewayV1, v2: grpcGatewayV2 };

/**
 * Returns the dialects of a gateway to etcd. Prefixes that are not named have their default.
 *
 * @param isServed whether the gateway serves anything under a prefix
 * @throws TypeError for a prefix under which it serves nothing
 */
export function dialectsOf(choice: DialectChoice, isServed: (prefix: string) => boolean): Dialects {
  if (typeof choice === "string") return { dialect: DIALECTS[choice], dialects: {} };
  const unserved = Object.keys(choice).find((prefix) => !isServed(prefix));
  if (unserved !== undefined) {
    const served = PATH_PREFIXES.join(", ");
    throw new TypeError(`invalid dialect: unknown prefix ${JSON.stringify(unserved)}: expected one of ${served}`);
  }
  const { default: byDefault } = ETCD_GATEWAY_OPTIONS.dialect;
  const names = Object.entries<DialectName>({ ...(typeof byDefault === "object" && byDefault), ...choice });
  return {
    dialect: DIALECTS.v2,
    dialects: Object.fromEntries(names.map(([prefix, name]) => [prefix, DIALECTS[name]])),
  };
}
