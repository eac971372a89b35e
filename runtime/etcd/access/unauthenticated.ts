import {
  type Call,
  type CallOptions,
  ForwardingTransport,
  GatewayError,
  Status,
  type StreamCall,
  type StreamListener,
  type Transport,
  type UnaryListener,
} from "@etcd-gateway/runtime";
import { RpcPath } from "../api/rpc-paths.js";
import { tokenFault } from "../api/token-fault.js";
import { hasToken } from "./tokens.js";

/**
 * Changes the code of errors that refuse a token to `UNAUTHENTICATED`, so that the status is 401. etcd reports a
 * missing token as an invalid argument (400). Its locks, elections and maintenance report all such refusals as unknown
 * errors (500).
 */
export function unauthenticatedTransport(transport: Transport): Transport {
  return new UnauthenticatedTransport(transport);
}

class UnauthenticatedTransport extends ForwardingTransport {
  override unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    // Only this RPC may report an empty user name because of the content of the request.
    const mayMiss = !hasToken(options.metadata) && path !== RpcPath.userAdd;
    return this.transport.unary(path, request, options, {
      onResponse: (message, headers, trailers) => listener.onResponse(message, headers, trailers),
      onError: (error, trailers, headers) => listener.onError(unauthenticated(error, mayMiss), trailers, headers),
    });
  }

  override stream(path: string, options: CallOptions, listener: StreamListener): StreamCall {
    const mayMiss = !hasToken(options.metadata);
    return this.transport.stream(path, options, {
      onHeaders: (headers) => listener.onHeaders(headers),
      onMessage: (message) => listener.onMessage(message),
      onDrain: () => listener.onDrain(),
      onEnd: (error, trailers) => listener.onEnd(error && unauthenticated(error, mayMiss), trailers),
    });
  }
}

/** @param mayMiss whether the call has no token, so that etcd may refuse it for that reason */
function unauthenticated(error: GatewayError, mayMiss: boolean): GatewayError {
  const fault = tokenFault(error.message);
  if (fault === undefined || (fault === "missing" && !mayMiss)) return error;
  return new GatewayError(Status.UNAUTHENTICATED, error.message, { cause: error });
}
