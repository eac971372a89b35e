import type { SocketConstructor } from "./socket-like.js";

/** What gives the token of a call. */
export type TokenSource =
  | string
  /**
   * Asked for each call, so keep what is costly. A call that is answered 401 is made once more with another token: then
   * `refused` is the one that was refused.
   */
  | ((refused?: string) => string | undefined | Promise<string | undefined>);

/** More headers of each call: an object, or a function that is asked for each. */
export type HeaderSource =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

/** How long calls may take. */
export interface Timeouts {
  /**
   * How long a unary call may take, in milliseconds; 0 for no limit. Streams have none.
   *
   * @defaultValue 30000
   */
  readonly unary?: number;
  /** The same for single rpcs, streams among them, by their full names: `{ "v3lockpb.Lock.Lock": 0 }`. */
  readonly rpcs?: Readonly<Record<string, number>>;
}

/** Where calls go, and how. */
export interface ChannelOptions<Text extends boolean = boolean> {
  /** The server, with the path that its API is mounted under: `https://example.org/etcd`. On a page it may be relative. */
  readonly baseUrl: string;
  /** The token of calls, or what gives it. */
  readonly token?: TokenSource | undefined;
  /** More headers of each call. A WebSocket has none. */
  readonly headers?: HeaderSource;
  /** Which cookies `fetch` sends, as of `fetch`. */
  readonly credentials?: "omit" | "same-origin" | "include";
  /**
   * What is called in place of the global `fetch`.
   *
   * @defaultValue globalThis.fetch
   */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /**
   * What streams of requests travel on. Node.js has one of its own since 22; before, give that of the package `ws`.
   *
   * @defaultValue globalThis.WebSocket
   */
  readonly WebSocket?: SocketConstructor;
  /**
   * Whether bytes in responses are strings where they are valid UTF-8. Others stay a `Uint8Array`.
   *
   * @defaultValue false
   */
  readonly text?: Text;
  /** How long calls may take. */
  readonly timeouts?: Timeouts;
  /**
   * How often a call that changes nothing is made again when the server cannot be reached, or says that it is not
   * available.
   *
   * @defaultValue 2
   */
  readonly retries?: number;
  /** The full names of the rpcs that change nothing, beside those that are said to be so in their protos. */
  readonly idempotent?: readonly string[];
  /**
   * The most of a stream that is kept unread on a WebSocket, and the longest message of any stream, in characters. A stream that exceeds it ends
   * with `RESOURCE_EXHAUSTED`.
   *
   * @defaultValue 67108864
   */
  readonly receiveBuffer?: number;
}

/** What one API has otherwise than others. */
export interface Dialect {
  /** The header `Authorization` that a token makes. */
  readonly authorization: (token: string) => string;
  /** The path that a route is reached by. */
  readonly path: (path: string) => string;
  /** The full names of unary rpcs that have no time limit by default. */
  readonly unlimited: readonly string[];
  /** The full names of rpcs that change nothing. */
  readonly idempotent: readonly string[];
}

/** gRPC metadata: bytes for a key that ends in `-bin`, text for any other. */
export type MetadataInit = Readonly<Record<string, string | Uint8Array | readonly (string | Uint8Array)[]>>;

/** What may be said with each call. */
export interface CallOptions<Text extends boolean = boolean> {
  /** gRPC metadata, sent as headers `Grpc-Metadata-NAME`. */
  readonly metadata?: MetadataInit;
  /** More headers of this call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long this call may take, in milliseconds, in place of what the channel says; 0 for no limit. */
  readonly timeout?: number;
  /** Cancels the call when it is aborted; if it is already, none is made. */
  readonly signal?: AbortSignal;
  /** Whether bytes in the response are strings where they are valid UTF-8, in place of what the channel says. */
  readonly text?: Text;
  /** How often the call is made again if it changes nothing, in place of what the channel says. */
  readonly retries?: number;
}
