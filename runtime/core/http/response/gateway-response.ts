import type { ServerResponse } from "node:http";

/** A response, which compression middleware may have given a `flush`. */
export interface GatewayResponse extends ServerResponse {
  flush?: () => void;
}
