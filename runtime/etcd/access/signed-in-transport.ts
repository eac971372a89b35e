import type { Call, CallOptions, StreamCall, StreamListener, Transport, UnaryListener } from "@etcd-gateway/runtime";
import { type EtcdCredentials, OwnSessions } from "./own-session.js";
import { SignedInStream } from "./signed-in-stream.js";
import { SignedInUnary } from "./signed-in-unary.js";
import { hasToken } from "./tokens.js";

const AUTHENTICATE = "/etcdserverpb.Auth/Authenticate";

/**
 * Makes calls in the name of a user: signs in on the first, and anew when etcd no longer takes the token. A call that has
 * a token keeps it.
 */
export function signedInTransport(transport: Transport, credentials: EtcdCredentials): Transport {
  return new SignedInTransport(transport, new OwnSessions(transport, credentials));
}

class SignedInTransport implements Transport {
  readonly #transport: Transport;
  readonly #sessions: OwnSessions;

  constructor(transport: Transport, sessions: OwnSessions) {
    this.#transport = transport;
    this.#sessions = sessions;
  }

  unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    if (path === AUTHENTICATE || hasToken(options.metadata)) {
      return this.#transport.unary(path, request, options, listener);
    }
    const call = new SignedInUnary(this.#transport, this.#sessions, path, request, options, listener);
    call.start();
    return call;
  }

  stream(path: string, options: CallOptions, listener: StreamListener): StreamCall {
    if (hasToken(options.metadata)) return this.#transport.stream(path, options, listener);
    const call = new SignedInStream(this.#transport, this.#sessions, path, options, listener);
    call.start();
    return call;
  }

  close(): void {
    this.#transport.close();
  }
}
