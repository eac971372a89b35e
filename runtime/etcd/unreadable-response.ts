import { GatewayError, Status } from "@etcd-gateway/runtime";

/**
 * Returns the error of a call whose response is not a message that the gateway can read.
 *
 * @param cause what the reader threw
 */
export function unreadableResponse(cause: unknown): GatewayError {
  return new GatewayError(Status.INTERNAL, "the server sent a response that cannot be read", { cause });
}
