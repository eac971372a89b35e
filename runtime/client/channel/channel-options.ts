import type { RpcError } from "../errors/rpc-error.js";
import type { SocketConstructor } from "./socket-like.js";

/** A token, or a function that returns one. */
export type TokenSource = string | ((refused?: string) => string | undefined | Promise<string | undefined>);

/** Additional headers, or a function that returns them. */
export type HeaderSource =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

/** Time limits of calls. */
export interface Timeouts {
  /**
   * The time limit of a unary call, in milliseconds; 0 for no limit. Streams have no limit.
   *
   * @defaultValue 30000
   */
  readonly unary?: number;
  /** Time limits of individual RPCs, including streams, by their full names, such as `{ "v3lockpb.Lock.Lock": 0 }`. */
  readonly rpcs?: Readonly<Record<string, number>>;
}

/** The options of a channel. */
export interface ChannelOptions<Text extends boolean = boolean> {
  /**
   * The URL of the server, with the path where its API is mounted, such as `https://example.org/etcd`. On a web page,
   * it may be relative.
   */
  readonly baseUrl: string;
  /**
   * The token that calls send: a string, or a function that returns one or a promise of one. The client calls the
   * function for each call, so cache what is expensive. After a 401, or another error that refuses the token,
   * it calls the function again, with the refused token, and repeats the call if it gets a different one.
   */
  readonly token?: TokenSource | undefined;
  /**
   * Additional headers of each call: an object, or a function that returns one, which the client calls for each call.
   * They are not sent over WebSocket.
   */
  readonly headers?: HeaderSource;
  /** Which cookies `fetch` sends: its option `credentials`. */
  readonly credentials?: "omit" | "same-origin" | "include";
  /**
   * A function to call instead of the global `fetch`.
   *
   * @defaultValue `globalThis.fetch`
   */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /**
   * The WebSocket class for streams of requests. Node.js has a global one since version 22. For older versions, pass
   * that of the package `ws`.
   *
   * @defaultValue `globalThis.WebSocket`
   */
  readonly WebSocket?: SocketConstructor;
  /**
   * Whether bytes in responses become strings if they are valid UTF-8. Other bytes stay a `Uint8Array`.
   *
   * @defaultValue false
   */
  readonly text?: Text;
  /** Time limits of calls. */
  readonly timeouts?: Timeouts;
  /**
   * How often a call of an idempotent RPC is repeated if the server cannot be reached or says that it is unavailable.
   *
   * @defaultValue 2
   */
  readonly retries?: number;
  /**
   * The full names of more RPCs that change nothing. RPCs that are marked as idempotent in their proto files need no
   * entry.
   */
  readonly idempotent?: readonly string[];
  /**
   * The maximum amount of unread data of a stream over WebSocket, and the maximum length of a message of any stream, in
   * characters. Over WebSocket, each unread message counts for 256 characters more, because it takes memory even if it
   * is empty. A stream that exceeds the limit ends with `RESOURCE_EXHAUSTED`.
   *
   * @defaultValue 67108864
   */
  readonly receiveBuffer?: number;
}

/** How the server of one API differs from the default. */
export interface ServerConventions {
  /** Returns the value of the `Authorization` header for a token. */
  readonly authorization: (token: string) => string;
  /**
   * Whether the server has refused a call only because of its token, so that the call can be repeated with another one.
   * By default, that is the status 401 and the code `UNAUTHENTICATED`.
   */
  readonly refusesToken: (error: RpcError) => boolean;
  /** Returns the path under which the server has a route. */
  readonly path: (path: string) => string;
  /** The full names of unary RPCs that have no time limit by default. */
  readonly unlimited: readonly string[];
  /** The full names of more RPCs that change nothing on the server. */
  readonly idempotent: readonly string[];
}

/** gRPC metadata: bytes for keys that end in `-bin`, text for all other keys. */
export type MetadataInit = Readonly<Record<string, string | Uint8Array | readonly (string | Uint8Array)[]>>;

/** Options of one call. */
export interface CallOptions<Text extends boolean = boolean> {
  /** gRPC metadata, sent as `Grpc-Metadata-NAME` headers. */
  readonly metadata?: MetadataInit;
  /** Additional headers of this call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The time limit of this call in milliseconds; 0 for no limit. Overrides the option of all calls. */
  readonly timeout?: number;
  /** Cancels the call when it is aborted. If it is already aborted, no call is made. */
  readonly signal?: AbortSignal;
  /** Whether bytes in the response become strings if they are valid UTF-8. Overrides the option of all calls. */
  readonly text?: Text;
  /** How often the call is repeated if its RPC is idempotent. Overrides the option of all calls. */
  readonly retries?: number;
  /**
   * Whether the token function is asked for another token before the call, as after a 401. Set it when a server has
   * refused the token of an earlier call in a message of a stream. It has no effect over WebSocket.
   */
  readonly renewToken?: boolean;
}
