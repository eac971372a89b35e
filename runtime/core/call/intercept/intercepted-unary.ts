import type { IncomingMessage } from "node:http";
import { callCanceled, deadlineExceeded } from "../../errors/context-errors.js";
import type { GatewayError } from "../../errors/gateway-error.js";
import { deadlineTimer } from "../../timers/deadline-timer.js";
import { NO_METADATA } from "../../transport/metadata.js";
import type { Call, CallOptions, Metadata, Transport, UnaryListener } from "../../transport/transport.js";
import { checkedMessage, checkedMetadata } from "../app-result.js";
import type { Rpc } from "../rpc.js";
import type { InterceptedCall } from "./interceptor.js";
import { interceptorError } from "./interceptor-error.js";
import { type AnyInterceptor, runBefore } from "./interceptor-table.js";

/** A unary call with interceptors. Its deadline includes the time that they take. */
export class InterceptedUnary implements Call {
  readonly #rpc: Rpc;
  readonly #transport: Transport;
  readonly #options: CallOptions;
  readonly #listener: UnaryListener;
  readonly #abort = new AbortController();
  /** The calls to the server that have not ended; usually one. */
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

  /** Runs the interceptors, and the call. */
  start(intercept: AnyInterceptor, request: Uint8Array, req: IncomingMessage): void {
    const { deadline } = this.#options;
    if (deadline !== undefined) {
      this.#timer = deadlineTimer(deadline, () => this.#abandon(deadlineExceeded()));
    }
    this.#run(intercept, request, req).then(
      (response) => {
        const isLeft = this.#calls.size > 0;
        if (this.#end(isLeft ? callCanceled() : undefined)) {
          this.#listener.onResponse(response, this.#headers, this.#trailers);
        }
      },
      (thrown: unknown) => {
        const error = interceptorError(thrown);
        if (this.#end(error)) this.#listener.onError(error, this.#trailers, this.#headers);
      },
    );
  }

  cancel(): void {
    this.#abandon(callCanceled());
  }

  async #run({ before, messages }: AnyInterceptor, request: Uint8Array, req: IncomingMessage): Promise<Buffer> {
    const { name, method } = this.#rpc;
    const first: InterceptedCall = { rpc: name, req, metadata: this.#options.metadata, signal: this.#abort.signal };
    if (before.length > 0) await runBefore(before, first);
    if (messages === undefined) return this.#call(request, first.metadata);
    const { metadata, signal } = first;
    const call = { rpc: name, req, metadata, signal, request: method.requestDeserialize(Buffer.from(request)) };
    const interceptor = `the interceptor of ${name}`;
    const next = async (changed: unknown = call.request): Promise<unknown> => {
      const message = method.requestSerialize(checkedMessage(changed, interceptor));
      return method.responseDeserialize(await this.#call(message, call.metadata));
    };
    const response = await messages.unary(call, (changed) => {
      const result = next(changed);
      // If the interceptor fails before it awaits the response, an unhandled rejection would end the process.
      result.catch(() => {});
      return result;
    });
    if (response === undefined) throw new TypeError(`${interceptor} returned nothing: return the response of next()`);
    return method.responseSerialize(checkedMessage(response, interceptor));
  }

  /** Makes a call to the server. */
  async #call(request: Uint8Array, metadata: Metadata): Promise<Buffer> {
    const { name, method } = this.#rpc;
    checkedMetadata(metadata, `the interceptor of ${name}`);
    if (this.#over) throw callCanceled();
    return await new Promise<Buffer>((resolve, reject) => {
      const call = this.#transport.unary(
        method.path,
        request,
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
  }

  /** Ends the call, even while an interceptor runs. The listener is called on the next tick. */
  #abandon(error: GatewayError): void {
    if (this.#end(error)) process.nextTick(() => this.#listener.onError(error, NO_METADATA));
  }

  /**
   * Marks the call as ended. The server would otherwise go on with a call that an interceptor has not waited for: it
   * would give a lock to nobody.
   *
   * @param reason why interceptors and calls to the server must stop, if any may still run
   * @returns whether the call had not ended before
   */
  #end(reason: GatewayError | undefined): boolean {
    if (this.#over) return false;
    this.#over = true;
    clearTimeout(this.#timer);
    if (reason !== undefined) this.#abort.abort(reason);
    for (const call of this.#calls) call.cancel();
    return true;
  }
}
