import {
  type Call,
  type CallOptions,
  callCanceled,
  deadlineExceeded,
  deadlineTimer,
  ForwardingTransport,
  type GatewayError,
  type Metadata,
  monotonicTime,
  NO_METADATA,
  Rejection,
  Status,
  type Transport,
  type UnaryListener,
} from "@etcd-gateway/runtime";
import { RpcPath } from "../api/rpc-paths.js";

/** The minimum time limit of a sign-in at etcd, in milliseconds, even if the client's deadline is earlier. */
const PATIENCE = 30_000;

/**
 * Limits the number of clients that sign in at the same time, and rejects the others with 429. Checking a password
 * costs etcd tens of milliseconds of CPU time, and anyone may send one.
 */
export function limitingSignIns(transport: Transport, limit: number): Transport {
  return new SignInLimit(transport, limit);
}

class SignInLimit extends ForwardingTransport {
  readonly #limit: number;
  #underWay = 0;

  constructor(transport: Transport, limit: number) {
    super(transport);
    this.#limit = limit;
  }

  override unary(path: string, request: Uint8Array, options: CallOptions, listener: UnaryListener): Call {
    if (path !== RpcPath.authenticate) return super.unary(path, request, options, listener);
    const { deadline } = options;
    // The transport fails such a call without sending it to etcd.
    if (deadline !== undefined && deadline <= monotonicTime()) return super.unary(path, request, options, listener);
    if (this.#underWay >= this.#limit) {
      process.nextTick(() => listener.onError(tooMany(), NO_METADATA));
      return { cancel() {} };
    }
    this.#underWay++;
    const signIn = new SignIn(listener, deadline, () => this.#underWay--);
    const patient = deadline === undefined ? {} : { deadline: Math.max(deadline, monotonicTime() + PATIENCE) };
    this.transport.unary(path, request, { ...options, ...patient }, signIn);
    return signIn;
  }
}

/**
 * A sign-in. It keeps its place until etcd has responded, because etcd always finishes hashing a password, even if the
 * client has disconnected or its deadline has passed.
 */
class SignIn implements Call, UnaryListener {
  readonly #listener: UnaryListener;
  readonly #release: () => void;
  readonly #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(listener: UnaryListener, deadline: number | undefined, release: () => void) {
    this.#listener = listener;
    this.#release = release;
    if (deadline === undefined) return;
    this.#timer = deadlineTimer(deadline, () => this.#abandon(deadlineExceeded()));
  }

  cancel(): void {
    process.nextTick(() => this.#abandon(callCanceled()));
  }

  onResponse(message: Buffer, headers: Metadata, trailers: Metadata): void {
    this.#release();
    this.#finish(() => this.#listener.onResponse(message, headers, trailers));
  }

  onError(error: GatewayError, trailers: Metadata, headers?: Metadata): void {
    this.#release();
    this.#finish(() => this.#listener.onError(error, trailers, headers));
  }

  #abandon(error: GatewayError): void {
    this.#finish(() => this.#listener.onError(error, NO_METADATA));
  }

  #finish(tell: () => void): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    tell();
  }
}

function tooMany(): GatewayError {
  return new Rejection("overload", "too many clients are signing in: try again later", Status.RESOURCE_EXHAUSTED);
}
