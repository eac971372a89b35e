import {
  type CallOptions,
  GatewayError,
  type Metadata,
  NO_METADATA,
  Status,
  type StreamCall,
  type StreamListener,
  type Transport,
} from "@etcd-gateway/runtime";
import { RpcPath } from "../api/rpc-paths.js";
import { RequestRoom } from "../streams/request-room.js";
import { cancelReasonError } from "../streams/watch/cancel-reason-error.js";
import { readWatchResponse, type WatchNews } from "../streams/watch/watch-response.js";
import { SessionWait } from "./session-wait.js";
import { withToken } from "./tokens.js";
import { FRESH, isRefused, type UserSession, type UserSessions } from "./user-session.js";

/** The maximum length of a message that is checked for a refusal, in bytes. A refusal has no events. */
const LONGEST_REFUSAL = 1_024;

/**
 * A stream that acts as the gateway's own user. It begins with a token that cannot have expired. A stream may outlive
 * its token, which etcd checks again for each new watch and each lease. If etcd then refuses the token:
 *
 * - If there was no response yet, the stream begins again with a new token.
 * - Otherwise the stream ends as if the connection had broken, so that its caller can resume it.
 *
 * The stream keeps the requests as they are, and sends them when a call begins. It cannot do so after a response, because
 * it does not know what etcd has done with them. `ResumableCall`, its caller, does know, and has its own requests to
 * repeat. Both count the requests that wait for a call in a `RequestRoom`.
 */
export class SignedInStream implements StreamCall {
  readonly #transport: Transport;
  readonly #sessions: UserSessions;
  readonly #path: string;
  readonly #options: CallOptions;
  readonly #listener: StreamListener;
  readonly #room: RequestRoom;
  #session: UserSession | undefined;
  #wait: SessionWait | undefined;
  #call: StreamCall | undefined;
  /**
   * The requests, until etcd has responded to one of them. Then `undefined`. If they take too much memory, the caller has
   * to wait for the first response.
   */
  #requests: Uint8Array[] | undefined = [];
  #headed = false;
  #hasResponded = false;
  #renewed = false;
  #ended = false;
  #paused = false;
  #over = false;

  constructor(
    transport: Transport,
    sessions: UserSessions,
    path: string,
    options: CallOptions,
    listener: StreamListener,
  ) {
    this.#transport = transport;
    this.#sessions = sessions;
    this.#path = path;
    this.#options = options;
    this.#listener = listener;
    this.#room = new RequestRoom(() => {
      if (!this.#over) listener.onDrain();
    });
  }

  /** Makes the call with a token that cannot have expired. */
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
      (error) => this.#end(error, NO_METADATA),
    );
  }

  send(message: Uint8Array): boolean {
    if (this.#over) return true;
    if (this.#requests !== undefined) {
      this.#requests.push(message);
      this.#room.keep(message);
    }
    if (this.#call !== undefined) this.#room.sent(this.#call.send(message));
    return this.#room.free;
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

  #open(session: UserSession): void {
    const { metadata } = this.#options;
    const { token } = session;
    this.#session = session;
    const options = token === undefined ? this.#options : { ...this.#options, metadata: withToken(metadata, token) };
    // A call that was abandoned because of its token may still send events.
    const ifUnderWay = (hear: () => void): void => {
      if (this.#call === call) hear();
    };
    const call = this.#transport.stream(this.#path, options, {
      onHeaders: (headers) => ifUnderWay(() => this.#onHeaders(headers)),
      onMessage: (message) => ifUnderWay(() => this.#onMessage(message, call)),
      onDrain: () => ifUnderWay(() => this.#room.drain()),
      onEnd: (error, trailers) => ifUnderWay(() => this.#onEnd(error, trailers)),
    });
    this.#call = call;
    if (this.#paused) call.pause();
    this.#room.release(() => {
      // Requests that do not fit now are buffered in the call, like all messages that are sent in spite of `false`.
      for (const message of this.#requests ?? []) this.#room.sent(call.send(message));
      if (this.#ended) call.end();
    });
  }

  #onHeaders(headers: Metadata): void {
    if (this.#headed) return;
    this.#headed = true;
    this.#listener.onHeaders(headers);
  }

  #onMessage(message: Buffer, call: StreamCall): void {
    const error = this.#path === RpcPath.watch ? this.#watchRefusal(message) : undefined;
    if (error !== undefined && this.#mayBeginAgain) {
      this.#onRefused(error);
      call.cancel();
      return;
    }
    this.#hasResponded = true;
    const kept = this.#requests ?? [];
    this.#requests = undefined;
    for (const request of kept) this.#room.drop(request);
    this.#listener.onMessage(message);
  }

  #onEnd(error: GatewayError | undefined, trailers: Metadata): void {
    const isRefusal = error !== undefined && isRefused(this.#session, error);
    if (isRefusal && this.#mayBeginAgain) this.#onRefused(error);
    else this.#end(error, trailers);
  }

  /** Whether the stream, or its caller after a response, can begin again. The stream itself does so only once. */
  get #mayBeginAgain(): boolean {
    return this.#hasResponded || !this.#renewed;
  }

  #onRefused(cause: GatewayError): void {
    this.#call = undefined;
    if (this.#session !== undefined) this.#sessions.expire(this.#session);
    if (!this.#hasResponded) {
      this.#renewed = true;
      this.start();
      return;
    }
    const text = "etcd no longer accepts the gateway's token";
    this.#end(new GatewayError(Status.UNAVAILABLE, text, { cause }), NO_METADATA);
  }

  /**
   * Returns the reason why a watch is refused, if the token may be the cause. etcd before 3.5 reports an expired token
   * as a missing permission, or gives no reason. If the token cannot have expired, the permission is really missing.
   */
  #watchRefusal(message: Buffer): GatewayError | undefined {
    const session = this.#session;
    if (message.length > LONGEST_REFUSAL || session === undefined) return undefined;
    let news: WatchNews;
    try {
      news = readWatchResponse(message);
    } catch {
      // The reader of the responses reports malformed bytes.
      return undefined;
    }
    if (!news.created || !news.canceled) return undefined;
    const error = cancelReasonError(news.cancelReason);
    if (isRefused(session, error)) return error;
    const isOld = performance.now() - session.since > FRESH;
    return error.code === Status.PERMISSION_DENIED && isOld ? error : undefined;
  }

  #end(error: GatewayError | undefined, trailers: Metadata): void {
    if (this.#over) return;
    this.#over = true;
    this.#requests = undefined;
    this.#listener.onEnd(error, trailers);
  }
}
