import type { Channel } from "../channel/channel.js";
import type { CallOptions } from "../channel/channel-options.js";
import { requestOf, requestOfAll } from "./bound-request.js";
import type { BidiCall, ClientStreamCall, ServerStreamCall, StreamOptions, UnaryCall } from "./call-types.js";
import type { Binding, Rpc, TypeOf } from "./client-rpc.js";
import { streamCall, unaryCall, unaryMessage } from "./http-calls.js";
import { bidiCall, clientStreamCall } from "./socket-calls.js";

/*
 * The functions from which generated clients build their RPCs. The compiler cannot see that the tables belong to the
 * message types. Tests in test/client/ check each kind of call against its type.
 */

/** Optional properties of an RPC. */
export interface RpcTraits {
  /** Whether the RPC changes nothing on the server. */
  readonly idempotent?: true;
}

/** One or more bindings of an RPC. */
type Bindings = Binding | Rpc["bindings"];

/** What generated code says of an RPC. */
type RpcDefinition<Request, Response, Text extends boolean> = [
  channel: Channel<Text>,
  name: string,
  bindings: Bindings,
  request: TypeOf<Request>,
  response: TypeOf<Response>,
  traits?: RpcTraits,
];

/** Makes the function of a unary RPC. */
export function unary<Request, Response, Text extends boolean>(
  ...definition: RpcDefinition<Request, Response, Text>
): UnaryCall<Request, Response, Text> {
  const [channel, ...facts] = definition;
  const rpc = rpcOf(...facts);
  const call = (message: unknown, options: CallOptions = {}): Promise<unknown> =>
    unaryMessage(channel, rpc, message, options);
  return call as UnaryCall<Request, Response, Text>;
}

/** Makes the function of a server-streaming RPC. */
export function serverStream<Request, Response, Text extends boolean>(
  ...definition: RpcDefinition<Request, Response, Text>
): ServerStreamCall<Request, Response, Text> {
  const [channel, ...facts] = definition;
  const rpc = rpcOf(...facts);
  const call = (message: unknown, options: CallOptions = {}): AsyncIterableIterator<unknown, undefined> =>
    streamCall(channel, rpc, () => requestOf(rpc, message), options);
  return call as ServerStreamCall<Request, Response, Text>;
}

/** Makes the function of a client-streaming RPC. */
export function clientStream<Request, Response, Text extends boolean>(
  ...definition: RpcDefinition<Request, Response, Text>
): ClientStreamCall<Request, Response, Text> {
  const [channel, ...facts] = definition;
  const rpc = rpcOf(...facts);
  const call = (options: StreamOptions<readonly unknown[] | undefined> = {}): unknown => {
    const { requests } = options;
    return requests === undefined
      ? clientStreamCall(channel, rpc, options)
      : Promise.resolve().then(() => unaryCall(channel, rpc, requestOfAll(rpc, requests), options));
  };
  return call as ClientStreamCall<Request, Response, Text>;
}

/** Makes the function of a bidirectional RPC. */
export function bidi<Request, Response, Text extends boolean>(
  ...definition: RpcDefinition<Request, Response, Text>
): BidiCall<Request, Response, Text> {
  const [channel, ...facts] = definition;
  const rpc = rpcOf(...facts);
  const call = (options: StreamOptions<readonly unknown[] | undefined> = {}): unknown => {
    const { requests } = options;
    return requests === undefined
      ? bidiCall(channel, rpc, options)
      : streamCall(channel, rpc, () => requestOfAll(rpc, requests), options);
  };
  return call as BidiCall<Request, Response, Text>;
}

function rpcOf(
  name: string,
  bindings: Bindings,
  request: TypeOf<unknown>,
  response: TypeOf<unknown>,
  { idempotent = false }: { readonly idempotent?: boolean } = {},
): Rpc {
  const all: Rpc["bindings"] = isSingle(bindings) ? [bindings] : bindings;
  const isSafe = all.every(({ method }) => method === "GET" || method === "HEAD");
  return { name, bindings: all, request, response, idempotent: idempotent || isSafe };
}

function isSingle(bindings: Bindings): bindings is Binding {
  return "path" in bindings;
}
