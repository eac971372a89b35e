import type { GatewayError } from "../errors/gateway-error.js";

const ENDPOINTS = new WeakMap<GatewayError, string>();

/** Notes which endpoint a call had been sent to when it failed. */
export function noteEndpoint(error: GatewayError, endpoint: string): void {
  ENDPOINTS.set(error, endpoint);
}

/**
 * Returns the endpoint that the failed call had been sent to, by its name in the options. `undefined` if it was sent to
 * none, or by a transport of an app.
 */
export function endpointOf(error: GatewayError): string | undefined {
  return ENDPOINTS.get(error);
}
