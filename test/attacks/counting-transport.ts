import type { GatewayError } from "../../runtime/core/errors/gateway-error.js";
import type {
  Call,
  CallOptions,
  StreamCall,
  StreamListener,
  Transport,
  UnaryListener,
} from "../../runtime/core/transport/transport.js";

const NONE = [] as const;

/**
 * A transport without a network that counts the calls in progress. A unary call returns its own request, after a turn
 * or two of the event loop. A stream returns each of its requests. It ends when the gateway cancels it. If its RPC has
 * no stream of requests, it also ends after {@link CountingTransport.answers} responses.
 */
export class CountingTransport implements Transport {
  /** The calls in progress. */
  unaries = 0;
  streams = 0;
  /** The maximum number of calls at the same time. */
  mostUnaries = 0;
  mostStreams = 0;
  /** The paths of the RPCs whose streams never end by themselves. */
  readonly #endless: ReadonlySet<string>;
  /** The duration of unary calls in milliseconds; 0 for a turn of the event loop. */
  delay = 0;

  /** @param endless the paths of the RPCs whose streams never end by themselves */
  constructor(endless: readonly string[] = []) {
    this.#endless = new Set(endless);
  }

  /** Whether no call is in progress. */
  get isIdle(): boolean {
    return this.unaries === 0 && this.streams === 0;
  }

  unary(_path: string, request: Uint8Array, _options: CallOptions, listener: UnaryListener): Call {
    this.mostUnaries = Math.max(this.mostUnaries, ++this.unaries);
    let over = false;
    const end = (tell: () => void): void => {
      if (over) return;
      over = true;
      this.unaries--;
      tell();
    };
    const answer = (): void => end(() => listener.onResponse(Buffer.from(request), NONE, NONE));
    if (this.delay === 0) setImmediate(answer);
    else setTimeout(answer, this.delay);
    return { cancel: () => end(() => {}) };
  }

  stream(path: string, _options: CallOptions, listener: StreamListener): StreamCall {
    this.mostStreams = Math.max(this.mostStreams, ++this.streams);
    const isEndless = this.#endless.has(path);
    let over = false;
    let pending = 0;
    let ended = false;
    const end = (error?: GatewayError): void => {
      if (over) return;
      over = true;
      this.streams--;
      if (error === undefined) listener.onEnd(undefined, NONE);
    };
    const settle = (): void => {
      if (ended && pending === 0 && !isEndless) end();
    };
    return {
      send(message) {
        const bytes = Buffer.from(message);
        pending++;
        setImmediate(() => {
          pending--;
          if (!over) listener.onMessage(bytes);
          settle();
        });
        return true;
      },
      end() {
        ended = true;
        setImmediate(settle);
      },
      pause() {},
      resume() {},
      cancel: () => {
        if (over) return;
        over = true;
        this.streams--;
      },
    };
  }

  close(): void {}
}
