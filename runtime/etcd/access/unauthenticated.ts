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
import { RpcPath } from "../rpc-paths.js";
import { tokenFault } from "./token-fault.js";
import { hasToken } from "./tokens.js";

/**
 * Makes a refusal for the token what it is: `UNAUTHENTICATED`, for 401. etcd calls the lack of a token an invalid
 * argument, for 400, and its locks, elections and maintenance call all such refusals unknown errors, for 500.
 */
export function unauthenticatedTransport(transport: Transport): Transport {
  return new UnauthenticatedTransport(transport);
}

class UnauthenticatedTransport extends ForwardingTransport {
  override unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    // It alone may say of what is in the request that a user has no name.
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

/** @param mayMiss whether the call has no token, and etcd may have meant so */
function unauthenticated(error: GatewayError, mayMiss: boolean): GatewayError {
  const fault = tokenFault(error.message);
  if (fault === undefined || (fault === "missing" && !mayMiss)) return error;
  return new GatewayError(Status.UNAUTHENTICATED, error.message, { cause: error });
}
