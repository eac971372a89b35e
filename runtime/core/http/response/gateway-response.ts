import type { ServerResponse } from "node:http";

/** A response. Compression middleware adds `flush`. */
export interface GatewayResponse extends ServerResponse {
  flush?: () => void;
}
