import type { GatewayError } from "../../errors/gateway-error.js";
import type { Recording } from "../../observe/recording.js";

/** How long a request without a free place waits for its error, in milliseconds. */
const DELAY = 500;

/**
 * Rejects a request because no place is free. The error is delayed: clients that retry at once would otherwise keep the
 * gateway busy with errors, and slow down the accepted requests.
 */
export function rejectLater(
  record: Recording | undefined,
  overload: GatewayError,
  reject: (error: GatewayError) => void,
): void {
  record?.fail(overload);
  setTimeout(reject, DELAY, overload);
}
