import {
  type Call,
  type CallOptions,
  type GatewayError,
  type Metadata,
  Status,
  type Transport,
  type UnaryListener,
} from "@etcd-gateway/runtime";
import type { OwnSession, OwnSessions } from "./own-session.js";
import { SessionWait } from "./session-wait.js";
import { withToken } from "./tokens.js";

const NO_METADATA: Metadata = [];

/**
 * A unary call in the gateway's own name. If etcd no longer takes its token, it is made once more with a new one: etcd
 * has done nothing with it then, so this does nothing twice.
 */
export class SignedInUnary implements Call, UnaryListener {
  readonly #sessions: OwnSessions;
  readonly #options: CallOptions;
  readonly #listener: UnaryListener;
  readonly #make: (options: CallOptions, listener: UnaryListener) => Call;
  #session: OwnSession | undefined;
  #call: Call | undefined;
  #renewed = false;

  constructor(
    transport: Transport,
    sessions: OwnSessions,
    path: string,
    request: Uint8Array,
    options: CallOptions,
    listener: UnaryListener,
  ) {
    this.#make = (changed, self) => transport.unary(path, request, changed, self);
    this.#sessions = sessions;
    this.#options = options;
    this.#listener = listener;
  }

  /** Makes the call. */
  start(): void {
    const { latest } = this.#sessions;
    if (latest === undefined) this.#wait(undefined);
    else this.#send(latest);
  }

  cancel(): void {
    this.#call?.cancel();
  }

  onResponse(message: Buffer, headers: Metadata, trailers: Metadata): void {
    this.#listener.onResponse(message, headers, trailers);
  }

  onError(error: GatewayError, trailers: Metadata): void {
    if (this.#renewed || !isOutdated(this.#session, error)) {
      this.#listener.onError(error, trailers);
      return;
    }
    this.#renewed = true;
    this.#wait(this.#session);
  }

  #wait(stale: OwnSession | undefined): void {
    this.#call = new SessionWait(
      this.#sessions.begin(stale),
      this.#options.deadline,
      (session) => this.#send(session),
      (error) => this.#listener.onError(error, NO_METADATA),
    );
  }

  #send(session: OwnSession): void {
    const { metadata } = this.#options;
    this.#session = session;
    const options =
      session.token === undefined ? this.#options : { ...this.#options, metadata: withToken(metadata, session.token) };
    this.#call = this.#make(options, this);
  }
}

/** Whether etcd refused a call for the age of its token, or because authentication has been enabled since. */
function isOutdated(session: OwnSession | undefined, { code, message }: GatewayError): boolean {
  if (code === Status.UNAUTHENTICATED) return true;
  if (code !== Status.INVALID_ARGUMENT) return false;
  if (message === "etcdserver: revision of auth store is old") return true;
  return session?.token === undefined && message === "etcdserver: user name is empty";
}
