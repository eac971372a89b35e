import type { CallOptions, Metadata, StreamCall, StreamListener, Transport } from "@etcd-gateway/runtime";
import type { OwnSession, OwnSessions } from "./own-session.js";
import { SessionWait } from "./session-wait.js";
import { withToken } from "./tokens.js";

/**
 * How old a session may be that a stream begins with, in milliseconds. etcd refuses a watch for its token in a message
 * among others, in some versions without the reason; so the token must be one that cannot have expired.
 */
const FRESH = 1_000;
/** From this many request bytes that wait for a session on, `send` asks its caller to wait. */
const MOST_HELD = 64 * 1024;
const NO_METADATA: Metadata = [];

/** A stream in the gateway's own name. */
export class SignedInStream implements StreamCall {
  readonly #transport: Transport;
  readonly #sessions: OwnSessions;
  readonly #path: string;
  readonly #options: CallOptions;
  readonly #listener: StreamListener;
  #wait: SessionWait | undefined;
  #call: StreamCall | undefined;
  readonly #waiting: Uint8Array[] = [];
  #held = 0;
  #ended = false;
  #paused = false;

  constructor(
    transport: Transport,
    sessions: OwnSessions,
    path: string,
    options: CallOptions,
    listener: StreamListener,
  ) {
    this.#transport = transport;
    this.#sessions = sessions;
    this.#path = path;
    this.#options = options;
    this.#listener = listener;
  }

  /** Makes the call. */
  start(): void {
    const { latest } = this.#sessions;
    if (latest !== undefined && performance.now() - latest.since <= FRESH) {
      this.#open(latest);
      return;
    }
    this.#wait = new SessionWait(
      this.#sessions.begin(latest),
      this.#options.deadline,
      (session) => this.#open(session),
      (error) => this.#listener.onEnd(error, NO_METADATA),
    );
  }

  send(message: Uint8Array): boolean {
    if (this.#call !== undefined) return this.#call.send(message);
    this.#waiting.push(message);
    this.#held += message.length;
    return this.#held < MOST_HELD;
  }

  end(): void {
    this.#ended = true;
    this.#call?.end();
  }

  pause(): void {
    this.#paused = true;
    this.#call?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#call?.resume();
  }

  cancel(): void {
    if (this.#call !== undefined) this.#call.cancel();
    else this.#wait?.cancel();
  }

  #open({ token }: OwnSession): void {
    const { metadata } = this.#options;
    const options = token === undefined ? this.#options : { ...this.#options, metadata: withToken(metadata, token) };
    const call = this.#transport.stream(this.#path, options, this.#listener);
    this.#call = call;
    if (this.#paused) call.pause();
    const wasFull = this.#held >= MOST_HELD;
    // What does not fit now waits inside the call, as whatever is sent to a call in spite of `false` does.
    const fits = this.#waiting.map((message) => call.send(message)).every((room) => room);
    this.#waiting.length = 0;
    if (this.#ended) call.end();
    if (wasFull && fits) this.#listener.onDrain();
  }
}
