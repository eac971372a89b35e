import type { RpcModel } from "../model/model.js";

/** A kind of call, as it is spelled in the names of the runtime's types, such as `UnaryMethod` and `UnaryCall`. */
export type CallKind = "Unary" | "ServerStream" | "ClientStream" | "Bidi";

/** Returns the kind of call of an RPC. */
export function callKind({ clientStreaming, serverStreaming }: RpcModel): CallKind {
  if (clientStreaming) return serverStreaming ? "Bidi" : "ClientStream";
  return serverStreaming ? "ServerStream" : "Unary";
}

/** Returns the kind of call of an RPC as it is spelled in the names of the runtime's functions, such as `unaryMethod`. */
export function callFunction(rpc: RpcModel): Uncapitalize<CallKind> {
  const functions = {
    Unary: "unary",
    ServerStream: "serverStream",
    ClientStream: "clientStream",
    Bidi: "bidi",
  } as const;
  return functions[callKind(rpc)];
}
