import EventEmitter, { once } from "node:events";
import type { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { monotonicTime } from "../../../runtime/core/timers/monotonic-time.js";
import type { CallOptions, Metadata, StreamListener, Transport } from "../../../runtime/core/transport/transport.js";

/** The result of a unary call. */
export interface Outcome {
  readonly message?: Buffer;
  readonly headers?: Metadata;
  readonly error?: GatewayError;
  readonly trailers: Metadata;
}

/** Makes call options for a test. The default deadline is in a minute. */
export function callOptions(options: Partial<CallOptions> = {}): CallOptions {
  return { metadata: [], deadline: monotonicTime() + 60_000, idempotent: false, ...options };
}

/** Makes a unary call and waits for its end. Fails if the listener is called twice, or before `unary` returned. */
export function unary(
  transport: Transport,
  path: string,
  request: Uint8Array | string = "",
  options: Partial<CallOptions> = {},
  started: (call: { cancel(): void }) => void = () => {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let returned = false;
    let ends = 0;
    const end = (outcome: Outcome): void => {
      ends += 1;
      if (!returned) reject(new Error("the listener was called before unary returned"));
      if (ends > 1) throw new Error("the listener was called twice");
      // A wrong second end would happen within a few turns of the event loop.
      setTimeout(() => resolve(outcome), 5);
    };
    const call = transport.unary(path, Buffer.from(request), callOptions(options), {
      onResponse: (message, headers, trailers) => end({ message, headers, trailers }),
      onError: (error, trailers) => end({ error, trailers }),
    });
    returned = true;
    started(call);
  });
}

/** Records the events of a stream, and lets a test wait for them. */
export class StreamRecorder extends EventEmitter implements StreamListener {
  headers: Metadata | undefined;
  readonly messages: Buffer[] = [];
  received = 0;
  bytes = 0;
  drains = 0;
  ends = 0;
  error: GatewayError | undefined;
  trailers: Metadata | undefined;
  /** Whether to keep the messages, or only to count them. */
  keep = true;

  onHeaders(headers: Metadata): void {
    if (this.headers !== undefined) throw new Error("response headers came twice");
    if (this.received > 0) throw new Error("response headers came after a message");
    this.headers = headers;
    this.emit("headers");
  }

  onMessage(message: Buffer): void {
    if (this.ends > 0) throw new Error("a message came after the end");
    this.received += 1;
    this.bytes += message.length;
    if (this.keep) this.messages.push(message);
    this.emit("message", message);
  }

  onDrain(): void {
    this.drains += 1;
    this.emit("drain");
  }

  onEnd(error: GatewayError | undefined, trailers: Metadata): void {
    this.ends += 1;
    if (this.ends > 1) throw new Error("the stream ended twice");
    this.error = error;
    this.trailers = trailers;
    this.emit("end");
  }

  /** Resolves when this many messages were received. */
  async count(messages: number): Promise<void> {
    while (this.received < messages) await once(this, "message");
  }

  /** Resolves when the stream has ended. */
  async over(): Promise<void> {
    if (this.ends === 0) await once(this, "end");
  }

  /** The messages as text. */
  get texts(): string[] {
    return this.messages.map(String);
  }
}
