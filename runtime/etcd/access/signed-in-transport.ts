import {
  type Call,
  type CallOptions,
  ForwardingTransport,
  type StreamCall,
  type StreamListener,
  type Transport,
  type UnaryListener,
} from "@etcd-gateway/runtime";
import { RpcPath } from "../api/rpc-paths.js";
import { LeasedUnary, type MakeUnary, needsLease } from "./leased-unary.js";
import { SignedInStream } from "./signed-in-stream.js";
import { SignedInUnary } from "./signed-in-unary.js";
import { hasToken } from "./tokens.js";
import type { UserSessions } from "./user-session.js";

/**
 * Makes calls as the gateway's own user. It signs in on the first call, and again when etcd no longer accepts the
 * token. Calls that already have a token keep it.
 */
export function signedInTransport(transport: Transport, sessions: UserSessions): Transport {
  return new SignedInTransport(transport, sessions);
}

class SignedInTransport extends ForwardingTransport {
  readonly #sessions: UserSessions;

  constructor(transport: Transport, sessions: UserSessions) {
    super(transport);
    this.#sessions = sessions;
  }

  override unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    if (path === RpcPath.authenticate || hasToken(options.metadata)) {
      return super.unary(path, request, options, listener);
    }
    if (needsLease(path, request)) {
      const make: MakeUnary = (...call) => this.#unary(...call);
      return started(new LeasedUnary(make, path, request, options, listener));
    }
    return this.#unary(path, request, options, listener);
  }

  override stream(path: string, options: CallOptions, listener: StreamListener): StreamCall {
    if (hasToken(options.metadata)) return super.stream(path, options, listener);
    return started(new SignedInStream(this.transport, this.#sessions, path, options, listener));
  }

  #unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    return started(new SignedInUnary(this.transport, this.#sessions, path, request, options, listener));
  }
}

function started<Started extends { start(): void }>(call: Started): Started {
  call.start();
  return call;
}
