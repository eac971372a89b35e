import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import { broken, refused } from "../call/call-errors.js";
import { noStatus } from "../call/http-errors.js";
import type { Failure } from "../endpoints/attempt.js";
import { ErrorCode } from "../http2/frames/error-code.js";

/** The consequences of a server's reset of a stream for its call. */
export interface ResetMeaning {
  readonly failure: Failure;
  readonly error: GatewayError;
}

/**
 * Returns what an error code of RST_STREAM means for gRPC.
 *
 * @param hasResponded whether response headers have arrived
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#errors
 */
export function resetMeaning(code: number, hasResponded: boolean): ResetMeaning {
  const text = `Received RST_STREAM with code ${code}`;
  switch (code) {
    case ErrorCode.REFUSED_STREAM:
      return { failure: hasResponded ? "final" : "refused", error: refused(new Error(text)) };
    // A server or proxy that shuts down cancels its calls with this code.
    case ErrorCode.CANCEL:
      return { failure: hasResponded ? "final" : "broken", error: broken(new Error(text)) };
    case ErrorCode.NO_ERROR:
      return { failure: "final", error: noStatus() };
    case ErrorCode.INTERNAL_ERROR:
      return final(Status.INTERNAL, `${text} (Internal server error)`);
    case ErrorCode.ENHANCE_YOUR_CALM:
      return final(Status.RESOURCE_EXHAUSTED, "Bandwidth exhausted or memory limit exceeded");
    case ErrorCode.INADEQUATE_SECURITY:
      return final(Status.PERMISSION_DENIED, "Protocol not secure enough");
    default:
      return final(Status.INTERNAL, text);
  }
}

function final(
  code: typeof Status.INTERNAL | typeof Status.RESOURCE_EXHAUSTED | typeof Status.PERMISSION_DENIED,
  text: string,
): ResetMeaning {
  return { failure: "final", error: new GatewayError(code, text) };
}
