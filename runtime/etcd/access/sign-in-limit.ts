import {
  type Call,
  type CallOptions,
  ForwardingTransport,
  GatewayError,
  type Metadata,
  Status,
  type Transport,
  type UnaryListener,
} from "@etcd-gateway/runtime";
import { RpcPath } from "../rpc-paths.js";

/** How long etcd may take for a sign-in that its client waits for no longer, in milliseconds. */
const PATIENCE = 30_000;
/** The longest delay of a timer of Node.js. */
const LONGEST_DELAY = 2 ** 31 - 1;
const NO_METADATA: Metadata = [];

/**
 * Lets so many clients sign in at a time, and refuses the others with 429. etcd takes tens of milliseconds of a core to
 * look at a password, and everybody may send it one.
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
    const { deadline = Date.now() + LONGEST_DELAY } = options;
    // The transport ends it without a word to etcd.
    if (deadline <= Date.now()) return super.unary(path, request, options, listener);
    if (this.#underWay >= this.#limit) {
      process.nextTick(() => listener.onError(tooMany(), NO_METADATA));
      return { cancel() {} };
    }
    this.#underWay++;
    const signIn = new SignIn(listener, deadline, () => this.#underWay--);
    const patient = { ...options, deadline: Math.max(deadline, Date.now() + PATIENCE) };
    this.transport.unary(path, request, patient, signIn);
    return signIn;
  }
}

/**
 * A sign-in. It keeps its place until etcd has answered: a password once begun is hashed to the end, whether the client
 * has gone, or lost patience, or not.
 */
class SignIn implements Call, UnaryListener {
  readonly #listener: UnaryListener;
  readonly #release: () => void;
  readonly #timer: NodeJS.Timeout;
  #over = false;

  constructor(listener: UnaryListener, deadline: number, release: () => void) {
    this.#listener = listener;
    this.#release = release;
    const left = Math.min(deadline - Date.now(), LONGEST_DELAY);
    this.#timer = setTimeout(() => this.#abandon(Status.DEADLINE_EXCEEDED, "context deadline exceeded"), left);
  }

  cancel(): void {
    process.nextTick(() => this.#abandon(Status.CANCELLED, "context canceled"));
  }

  onResponse(message: Buffer, headers: Metadata, trailers: Metadata): void {
    this.#release();
    this.#finish(() => this.#listener.onResponse(message, headers, trailers));
  }

  onError(error: GatewayError, trailers: Metadata, headers?: Metadata): void {
    this.#release();
    this.#finish(() => this.#listener.onError(error, trailers, headers));
  }

  #abandon(code: typeof Status.CANCELLED | typeof Status.DEADLINE_EXCEEDED, text: string): void {
    this.#finish(() => this.#listener.onError(new GatewayError(code, text), NO_METADATA));
  }

  #finish(tell: () => void): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    tell();
  }
}

function tooMany(): GatewayError {
  return new GatewayError(Status.RESOURCE_EXHAUSTED, "too many clients are signing in: try again later", {
    headers: { "Retry-After": "1" },
  });
}
