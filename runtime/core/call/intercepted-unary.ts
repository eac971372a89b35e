import type { IncomingMessage } from "node:http";
import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import { deadlineExceeded } from "../transport/call/call-errors.js";
import type { Call, CallOptions, Metadata, Transport, UnaryListener } from "../transport/transport.js";
import { checkedMessage, checkedMetadata } from "./app-result.js";
import type { InterceptedUnaryCall, UnaryInterceptor } from "./interceptor.js";
import { interceptorError } from "./interceptor-error.js";
import type { Rpc } from "./rpc.js";

const NO_METADATA: Metadata = [];
/** The longest delay of a timer of Node.js. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** A unary call in the hands of an interceptor. Its deadline holds for all that the interceptor does. */
export class InterceptedUnary implements Call {
  readonly #rpc: Rpc;
  readonly #transport: Transport;
  readonly #options: CallOptions;
  readonly #listener: UnaryListener;
  readonly #abort = new AbortController();
  /** The calls to the server under way: one, as a rule. */
  readonly #calls = new Set<Call>();
  #headers: Metadata = NO_METADATA;
  #trailers: Metadata = NO_METADATA;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(rpc: Rpc, transport: Transport, options: CallOptions, listener: UnaryListener) {
    this.#rpc = rpc;
    this.#transport = transport;
    this.#options = options;
    this.#listener = listener;
  }

  /** Hands the call to the interceptor. */
  start(intercept: UnaryInterceptor<unknown, unknown>, request: Uint8Array, req: IncomingMessage): void {
    const { deadline } = this.#options;
    if (deadline !== undefined) {
      const left = Math.min(deadline - Date.now(), LONGEST_DELAY);
      this.#timer = setTimeout(() => this.#abandon(deadlineExceeded()), left);
    }
    this.#run(intercept, request, req).then(
      (response) => this.#finish(() => this.#listener.onResponse(response, this.#headers, this.#trailers)),
      (error) => this.#finish(() => this.#listener.onError(interceptorError(error), this.#trailers, this.#headers)),
    );
  }

  cancel(): void {
    this.#abandon(new GatewayError(Status.CANCELLED, "context canceled"));
  }

  async #run(
    intercept: UnaryInterceptor<unknown, unknown>,
    request: Uint8Array,
    req: IncomingMessage,
  ): Promise<Buffer> {
    const { name, method } = this.#rpc;
    const call: InterceptedUnaryCall<unknown> = {
      rpc: name,
      req,
      request: method.requestDeserialize(Buffer.from(request)),
      metadata: this.#options.metadata,
      signal: this.#abort.signal,
    };
    const response = await intercept(call, (changed = call.request) => {
      const answer = this.#call(changed, call.metadata);
      // An interceptor that fails before it looks at the answer must not end the process by it.
      answer.catch(() => {});
      return answer;
    });
    if (response === undefined)
      throw new TypeError(`the interceptor of ${name} answered nothing: return what next gives`);
    return method.responseSerialize(checkedMessage(response, `the interceptor of ${name}`));
  }

  /** Makes the call to the server. */
  async #call(request: unknown, metadata: Metadata): Promise<unknown> {
    const { name, method } = this.#rpc;
    const interceptor = `the interceptor of ${name}`;
    const message = method.requestSerialize(checkedMessage(request, interceptor));
    checkedMetadata(metadata, interceptor);
    this.#abort.signal.throwIfAborted();
    const response = await new Promise<Buffer>((resolve, reject) => {
      const call = this.#transport.unary(
        method.path,
        message,
        { ...this.#options, metadata },
        {
          onResponse: (bytes, headers, trailers) => {
            this.#calls.delete(call);
            this.#headers = headers;
            this.#trailers = trailers;
            resolve(bytes);
          },
          onError: (error, trailers, headers = NO_METADATA) => {
            this.#calls.delete(call);
            this.#headers = headers;
            this.#trailers = trailers;
            reject(error);
          },
        },
      );
      this.#calls.add(call);
    });
    return method.responseDeserialize(response);
  }

  /** Ends the call, whatever the interceptor is still at. The listener hears it later. */
  #abandon(error: GatewayError): void {
    this.#finish(() => {
      this.#abort.abort(error);
      for (const call of this.#calls) call.cancel();
      process.nextTick(() => this.#listener.onError(error, NO_METADATA));
    });
  }

  #finish(tell: () => void): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    tell();
  }
}
