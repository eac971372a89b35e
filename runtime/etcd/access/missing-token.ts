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
import { hasToken } from "./tokens.js";

/** What every etcd says to a call that needs a token and has none, with the code of an invalid argument. */
const NO_TOKEN = "etcdserver: user name is empty";

/** Makes the lack of a token what it is: `UNAUTHENTICATED`, for 401. etcd calls it an invalid argument, for 400. */
export function missingTokenTransport(transport: Transport): Transport {
  return new MissingTokenTransport(transport);
}

class MissingTokenTransport extends ForwardingTransport {
  override unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    // It alone may say so of what is in the request.
    if (hasToken(options.metadata) || path === RpcPath.userAdd) return super.unary(path, request, options, listener);
    return this.transport.unary(path, request, options, {
      onResponse: (message, headers, trailers) => listener.onResponse(message, headers, trailers),
      onError: (error, trailers) => listener.onError(unauthenticated(error), trailers),
    });
  }

  override stream(path: string, options: CallOptions, listener: StreamListener): StreamCall {
    if (hasToken(options.metadata)) return super.stream(path, options, listener);
    return this.transport.stream(path, options, {
      onHeaders: (headers) => listener.onHeaders(headers),
      onMessage: (message) => listener.onMessage(message),
      onDrain: () => listener.onDrain(),
      onEnd: (error, trailers) => listener.onEnd(error === undefined ? error : unauthenticated(error), trailers),
    });
  }
}

function unauthenticated(error: GatewayError): GatewayError {
  if (error.message !== NO_TOKEN) return error;
  return new GatewayError(Status.UNAUTHENTICATED, NO_TOKEN, { cause: error });
}
