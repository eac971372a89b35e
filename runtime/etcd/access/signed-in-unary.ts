import { setTimeout as delay } from "node:timers/promises";
import type { Call, CallOptions, GatewayError, Metadata, Transport, UnaryListener } from "@etcd-gateway/runtime";
import { NO_METADATA } from "@etcd-gateway/runtime";
import { Backoff } from "../streams/backoff.js";
import { waitsInLine } from "./leased-unary.js";
import { SessionWait } from "./session-wait.js";
import { withToken } from "./tokens.js";
import { FRESH, isRefused, type UserSession, type UserSessions } from "./user-session.js";

/**
 * A unary call that acts as the gateway's own user. If etcd no longer accepts its token, the call is made again with a
 * new one. This executes nothing twice, because etcd refuses most calls before it does anything. A campaign or lock
 * that has waited is refused when its turn comes. Its place in the queue is a key that is made from its name and lease,
 * so the repeated call finds that key and continues from there. A call without a lease gets one first: see `LeasedUnary`.
 *
 * All calls that wait at the same member share one internal watch of etcd, which has the token of the first call. While
 * that watch lasts, etcd refuses the other calls because of a token that is not theirs. Calls that wait are therefore
 * repeated as often as necessary.
 */
export class SignedInUnary implements Call, UnaryListener {
  readonly #sessions: UserSessions;
  readonly #options: CallOptions;
  readonly #listener: UnaryListener;
  readonly #make: (options: CallOptions, listener: UnaryListener) => Call;
  #session: UserSession | undefined;
  #call: Call | undefined;
  #sentAt = 0;
  readonly #waitsInLine: boolean;
  readonly #backoff = new Backoff();
  /** Whether etcd has refused the previous token, too. */
  #renewed = false;

  constructor(
    transport: Transport,
    sessions: UserSessions,
    path: string,
    request: Uint8Array,
    options: CallOptions,
    listener: UnaryListener,
  ) {
    this.#make = (changed, self) => transport.unary(path, request, changed, self);
    this.#waitsInLine = waitsInLine(path);
    this.#sessions = sessions;
    this.#options = options;
    this.#listener = listener;
  }

  /** Makes the call. */
  start(): void {
    const { latest } = this.#sessions;
    if (latest === undefined) this.#wait(undefined, 0);
    else this.#send(latest);
  }

  cancel(): void {
    this.#call?.cancel();
  }

  onResponse(message: Buffer, headers: Metadata, trailers: Metadata): void {
    this.#listener.onResponse(message, headers, trailers);
  }

  onError(error: GatewayError, trailers: Metadata, headers?: Metadata): void {
    // A call that lasted this long may have outlived any number of tokens.
    if (performance.now() - this.#sentAt > FRESH) this.#restart();
    if (!isRefused(this.#session, error) || (this.#renewed && !this.#waitsInLine)) {
      this.#listener.onError(error, trailers, headers);
      return;
    }
    this.#renewed = true;
    this.#wait(this.#session, this.#backoff.next());
  }

  #restart(): void {
    this.#renewed = false;
    this.#backoff.reset();
  }

  /** @param after the delay before the attempt, in milliseconds */
  #wait(stale: UserSession | undefined, after: number): void {
    const begin = (): Promise<UserSession> => this.#sessions.begin(stale);
    this.#call = new SessionWait(
      after === 0 ? begin() : delay(after).then(begin),
      this.#options.deadline,
      (session) => this.#send(session),
      (error) => this.#listener.onError(error, NO_METADATA),
    );
  }

  #send(session: UserSession): void {
    const { metadata } = this.#options;
    this.#session = session;
    this.#sentAt = performance.now();
    const options =
      session.token === undefined ? this.#options : { ...this.#options, metadata: withToken(metadata, session.token) };
    this.#call = this.#make(options, this);
  }
}
