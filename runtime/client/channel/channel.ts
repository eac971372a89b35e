import { Code } from "../errors/code.js";
import { RpcError } from "../errors/rpc-error.js";
import { toBase64 } from "../json/bytes.js";
import { FieldError } from "../json/field-error.js";
import type { CallOptions, ChannelOptions, MetadataInit, ServerConventions } from "./channel-options.js";
import { Lifetime } from "./lifetime.js";
import { readOptions } from "./read-options.js";

const UNARY_TIMEOUT = 30_000;
const RETRIES = 2;
const RECEIVE_BUFFER = 64 * 1024 * 1024;

const DEFAULT_CONVENTIONS: ServerConventions = {
  authorization: (token) => `Bearer ${token}`,
  refusesToken: ({ code, httpStatus }) => httpStatus === 401 || code === Code.UNAUTHENTICATED,
  path: (path) => path,
  unlimited: [],
  idempotent: [],
};

/** The server and the options for the calls of clients. It holds no connection, so you need not close it. */
export class Channel<Text extends boolean = boolean> {
  readonly options: ChannelOptions<Text>;
  readonly conventions: ServerConventions;
  /** The absolute base URL, without a trailing slash. */
  readonly #base: string;
  readonly #isCrossOrigin: boolean;

  constructor(options: ChannelOptions<Text>, conventions: ServerConventions) {
    this.options = options;
    this.conventions = conventions;
    const { origin, pathname } = absolute(options.baseUrl);
    this.#base = origin + pathname.replace(/\/+$/, "");
    this.#isCrossOrigin = (pageOrigin() ?? origin) !== origin;
  }

  /** Returns the URL for a route's path and query. */
  url(path: string): string {
    return this.#base + this.conventions.path(path);
  }

  /** Whether the options or the conventions of the server list an RPC as idempotent, so that its calls may be repeated. */
  isIdempotent(rpc: string): boolean {
    return [...this.conventions.idempotent, ...(this.options.idempotent ?? [])].includes(rpc);
  }

  /** Returns how often a call may be repeated. */
  retries({ retries }: CallOptions): number {
    return retries ?? this.options.retries ?? RETRIES;
  }

  /**
   * The maximum length of a message of a stream, and the maximum amount of unread data on a WebSocket, in characters.
   */
  get receiveBuffer(): number {
    return this.options.receiveBuffer ?? RECEIVE_BUFFER;
  }

  /** Starts the lifetime of a call. */
  begin(rpc: string, { timeout, signal }: CallOptions, isUnary: boolean): Lifetime {
    const { unary = UNARY_TIMEOUT, rpcs } = this.options.timeouts ?? {};
    const byDefault = isUnary && !this.conventions.unlimited.includes(rpc) ? unary : 0;
    return new Lifetime(rpc, timeout ?? rpcs?.[rpc] ?? byDefault, signal);
  }

  /**
   * Returns the token for a call.
   *
   * @param refused the token that the server has refused, if this is the second attempt
   * @throws RpcError the error that the token function threw; `UNAUTHENTICATED` if it threw something else
   */
  async token(rpc: string, refused?: string): Promise<string | undefined> {
    const { token } = this.options;
    if (typeof token !== "function") return token;
    try {
      return await token(refused);
    } catch (cause) {
      if (cause instanceof RpcError) throw cause;
      throw new RpcError(Code.UNAUTHENTICATED, `cannot get a token: ${String(cause)}`, { rpc, cause });
    }
  }

  /** Whether the channel can get another token after one was refused. */
  get renewsTokens(): boolean {
    return typeof this.options.token === "function";
  }

  /**
   * Returns the headers of a call, except those of its body.
   *
   * A page sends no `grpc-timeout` to another origin: a browser would first ask whether it may, and etcd's own gateway
   * refuses that. The client keeps the deadline itself, and its abort ends the call in the server.
   *
   * @param timeLeft the time until the deadline, in milliseconds
   * @throws RpcError `INVALID_ARGUMENT` if a header cannot be sent
   */
  async headers(rpc: string, token: string | undefined, options: CallOptions, timeLeft?: number): Promise<Headers> {
    const { headers: given } = this.options;
    try {
      const headers = new Headers(typeof given === "function" ? await given() : given);
      if (token !== undefined) headers.set("authorization", this.conventions.authorization(token));
      for (const [name, value] of metadataHeaders(options.metadata ?? {})) headers.append(name, value);
      for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
      if (timeLeft !== undefined && !this.#isCrossOrigin) headers.set("grpc-timeout", grpcTimeout(timeLeft));
      return headers;
    } catch (cause) {
      const why = cause instanceof FieldError ? String(cause) : "a header has an invalid name or value";
      throw new RpcError(Code.INVALID_ARGUMENT, why, { rpc, cause });
    }
  }
}

/**
 * Makes a channel for clients.
 *
 * @throws TypeError if an option is wrong; the error has the option's path, what is expected, and the value
 */
export function createChannel<const Text extends boolean = false>(
  options: ChannelOptions<Text>,
  conventions: Partial<ServerConventions> = {},
): Channel<Text> {
  return new Channel(readOptions(options), { ...DEFAULT_CONVENTIONS, ...conventions });
}

function absolute(baseUrl: string): URL {
  let url: URL | undefined;
  try {
    url = new URL(baseUrl, pageLocation()?.href);
  } catch {
    // Reported below.
  }
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== "" || url.username !== "") {
    throw new TypeError(
      `baseUrl: expected the URL of a server, such as "http://127.0.0.1:8080/etcd", got ${JSON.stringify(baseUrl)}`,
    );
  }
  return url;
}

/** The location of the page or worker that runs the client; `undefined` outside of browsers. */
function pageLocation(): { readonly href: string } | undefined {
  const location: unknown = Reflect.get(globalThis, "location");
  return typeof location === "object" && location !== null && "href" in location
    ? { href: String(location.href) }
    : undefined;
}

/** The origin of the page. It is `null` as text if the page is in a sandbox or comes from a file. */
function pageOrigin(): string | undefined {
  const origin: unknown = Reflect.get(globalThis, "origin");
  return pageLocation() !== undefined && typeof origin === "string" ? origin : undefined;
}

function* metadataHeaders(metadata: MetadataInit): Generator<[string, string]> {
  for (const [key, values] of Object.entries(metadata)) {
    const isBinary = key.toLowerCase().endsWith("-bin");
    for (const value of typeof values === "string" || values instanceof Uint8Array ? [values] : values) {
      if (isBinary === (typeof value === "string")) {
        throw new FieldError(`metadata ${JSON.stringify(key)} must be ${isBinary ? "bytes" : "text"}`);
      }
      yield [`grpc-metadata-${key}`, typeof value === "string" ? value : toBase64(value)];
    }
  }
}

/** Formats a `grpc-timeout` header: at most 8 digits and a unit. */
function grpcTimeout(milliseconds: number): string {
  const whole = Math.max(1, Math.ceil(milliseconds));
  return whole < 1e8 ? `${whole}m` : `${Math.min(Math.ceil(whole / 1000), 99_999_999)}S`;
}
