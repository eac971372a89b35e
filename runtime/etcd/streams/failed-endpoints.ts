import type { GatewayError } from "@etcd-gateway/runtime";
import { endpointOf } from "@etcd-gateway/runtime/transports";

/**
 * Adds the endpoint of an error to those that have failed a call before, as the last one. If a call avoided only the last
 * one, two members that fail calls at once, such as two learners, would get it in turns: they have the fewest calls.
 */
export function failedEndpoints(before: readonly string[], error: GatewayError): readonly string[] {
  const endpoint = endpointOf(error);
  return endpoint === undefined ? before : [...before.filter((other) => other !== endpoint), endpoint];
}
