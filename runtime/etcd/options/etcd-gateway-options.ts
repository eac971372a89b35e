import type { IncomingMessage } from "node:http";
import type {
  BrowserGuardOptions,
  BytesForm,
  CallObserver,
  ChannelKind,
  GatewayError,
  GatewayLimits,
  GatewayResponses,
  GatewayStreams,
  GatewayTimeouts,
  Interceptors,
  MetadataSource,
  TlsOptions,
} from "@etcd-gateway/runtime";
import type { services } from "../../../generated/index.js";
import type { DialectChoice } from "./dialect-names.js";

/** A user of etcd. */
export interface EtcdCredentials {
  /** The name of the user. */
  readonly user: string;
  /** The password of the user. */
  readonly password: string;
}

/**
 * The services and RPCs that clients may call: `all`, `read-only` (most RPCs that change nothing), or a list of
 * services (`etcdserverpb.KV`), RPCs (`etcdserverpb.KV.Range`) and `read-only`.
 */
export type Exposure = "all" | "read-only" | readonly string[];

/** Options of authorization. */
export interface EtcdAccess {
  /**
   * Whose rights requests have. `caller`: those of the token in each request; if authentication is enabled in etcd, it
   * refuses requests without a token. `gateway`: those of the gateway's own `credentials`, or of the client certificate
   * in `tls`, for everyone who reaches the gateway; tokens are ignored. A missing token never gives more rights. See
   * docs/access.md.
   *
   * @defaultValue "caller"
   */
  readonly actAs?: "caller" | "gateway";
  /** The gateway's own user in etcd. `gateway.client` always uses it. Requests use it only if `actAs` is `gateway`. */
  readonly credentials?: EtcdCredentials;
  /**
   * What clients may call: `all`, `read-only` (most RPCs that change nothing, and sign-in), or a list of services and
   * RPCs, such as `etcdserverpb.KV` and `etcdserverpb.Watch.Watch`. Everything else gets 403. See docs/access.md.
   *
   * @defaultValue "all"
   */
  readonly expose?: Exposure;
  /**
   * How the gateway reports that etcd refused a watch, or that a token is missing or has expired. `message`: as etcd
   * does, with the status 200, 400 or 500. `status`: with the HTTP status 400, 401 or 403. For a watch whose `Accept`
   * header has `text/event-stream` or `; refusals=status`, it is always `status`. See docs/http.md.
   *
   * @defaultValue "message"
   */
  readonly refusals?: "message" | "status";
  /**
   * Also serve RPCs that have no HTTP rule, at their gRPC path and with the request message as the body, such as
   * `POST /etcdserverpb.KV/RangeStream` of etcd 3.7.
   *
   * @defaultValue false
   */
  readonly unboundRpcs?: boolean;
}

/** How the JSON of requests is read. */
export interface EtcdJson {
  /**
   * What to do with JSON fields that the API does not have: `ignore` them, as etcd does, or `reject` the request.
   *
   * @defaultValue "ignore"
   */
  readonly unknownFields?: "ignore" | "reject";
  /**
   * What to do if there is data after the JSON of a unary request: `reject` the request, or `ignore` the data, as etcd
   * does.
   *
   * @defaultValue "reject"
   */
  readonly trailingData?: "ignore" | "reject";
  /**
   * Path prefixes under which `auth/role/revoke` takes `key` and `range_end` as plain text instead of base64, as in
   * etcd 3.1 to 3.3. Only those versions served `/v3alpha`. See docs/parity.md.
   *
   * @defaultValue ["/v3alpha"]
   */
  readonly textRevocation?: readonly string[];
}

/** Limits of what the gateway accepts. */
export interface EtcdLimits extends GatewayLimits {
  /**
   * How many clients may sign in at once (`auth/authenticate`). Each attempt costs etcd tens of milliseconds of CPU
   * time, and anyone may try. Excess requests get 429 with `Retry-After`.
   *
   * @defaultValue 16
   */
  readonly maxSignIns?: number;
  /**
   * How many watches a stream may have. The gateway creates any further watch and cancels it at once, with the reason.
   *
   * @defaultValue 10000
   */
  readonly maxWatches?: number;
}

/** Time limits, in milliseconds. */
export interface EtcdTimeouts extends Omit<GatewayTimeouts, "rpcs"> {
  /**
   * The time limit of unary calls without a `Grpc-Timeout` header; 0 for no limit. Calls that wait for other clients or
   * for the disk have none: lock, campaign, defragment and compaction.
   *
   * @defaultValue 30000 milliseconds
   */
  readonly unary?: number;
  /**
   * How long a call waits for a reachable endpoint before it fails with `UNAVAILABLE` (HTTP 503).
   *
   * @defaultValue 5000 milliseconds
   */
  readonly connect?: number;
  /**
   * How long the gateway tries to resume a watch, keep-alive or election observe after its connection to etcd broke.
   * The client notices nothing. With 0, it never resumes them: the stream ends with its connection. Nor does it then
   * repeat calls that a member fails for a reason of its own. See docs/http.md.
   *
   * @defaultValue 60000 milliseconds
   */
  readonly resume?: number;
}

/** Options of streams. */
export interface EtcdStreams extends Omit<GatewayStreams, "events"> {
  /**
   * Also serve streams over `GET`, with the fields of the request in the query, to clients that accept
   * `text/event-stream`. A browser's `EventSource` can send only `GET`. See docs/http.md.
   *
   * @defaultValue true
   */
  readonly eventSource?: boolean;
}

/**
 * Options of `etcdGateway()`.
 *
 * @typeParam Req the type of requests in interceptors: in an Express app, Express's `Request`
 */
export interface EtcdGatewayOptions<Req extends IncomingMessage = IncomingMessage> {
  /**
   * The servers' addresses: `host:port`, `http://host:port`, `https://host:port` (TLS) or `unix:path`. IPv6 addresses
   * are in brackets. A call goes to the ready endpoint with the fewest calls. Endpoints that are silent while others
   * respond are used last.
   */
  readonly endpoints: readonly string[];
  /**
   * TLS to all endpoints. Without it, only `https://` endpoints use TLS. The server's certificate is always verified.
   */
  readonly tls?: TlsOptions;
  /**
   * The gRPC implementation: `grpc-js`, or `lean`, which needs much less CPU time for small requests, needs somewhat
   * less for large ones and streams, and does not load grpc-js. See docs/channels.md.
   *
   * @defaultValue "grpc-js"
   */
  readonly channel?: ChannelKind;
  /**
   * Request headers that become metadata of the same name, in addition to `Authorization` and `Grpc-Metadata-*`.
   * `X-Tenant-*` stands for all names that begin with `X-Tenant-`. Such a pattern does not include headers with
   * credentials. See docs/observability.md.
   *
   * @defaultValue ["traceparent","tracestate"]
   */
  readonly forwardHeaders?: readonly string[];
  /**
   * Returns the metadata of a call; it gets the request and the full name of the RPC. If it returns an object, such as
   * `{ "x-tenant": "a" }`, this changes the metadata that the headers give: a value replaces that of its key, and
   * `undefined` removes the key. If it returns a list of entries, this replaces all metadata. Entries that cannot be
   * sent are left out. If the function throws a `GatewayError`, the client gets that error. See docs/observability.md.
   */
  readonly metadata?: MetadataSource<Req>;
  /**
   * Functions that run before RPCs, by service and RPC. They can read, change and reject messages. Those under `*` run
   * before all RPCs, or all of a service, and see no messages. See docs/interceptors.md.
   *
   * @defaultValue {}
   */
  readonly interceptors?: Interceptors<typeof services, Req>;
  /**
   * The etcd versions whose clients you serve: `v1` (3.1 to 3.5) or `v2` (3.6 and later), for all paths or by prefix.
   * Prefixes that you do not name keep their default. See docs/parity.md.
   *
   * @defaultValue {"/v3":"v2","/v3beta":"v1","/v3alpha":"v1"}
   */
  readonly dialect?: DialectChoice;
  /**
   * The JSON form of bytes, such as keys and values, unless a request chooses another with `?bytes=` or `; bytes=`.
   * `base64`: as in etcd. `text`: strings, and `{"base64": "..."}` for bytes that are not valid UTF-8. See
   * docs/http.md.
   *
   * @defaultValue "base64"
   */
  readonly bytes?: BytesForm;
  /** Who may do what. */
  readonly access?: EtcdAccess;
  /** How the JSON of requests is read. */
  readonly json?: EtcdJson;
  /** How much the gateway accepts. */
  readonly limits?: EtcdLimits;
  /** How long the gateway waits. */
  readonly timeouts?: EtcdTimeouts;
  /** Which web pages may use the gateway. */
  readonly browsers?: BrowserGuardOptions;
  /** How streams are served. */
  readonly streams?: EtcdStreams;
  /** Functions that change responses. See docs/responses.md. */
  readonly responses?: GatewayResponses<Req>;
  /**
   * Called with every error that the gateway sends, for logs. `error.cause` holds details that clients do not see. It
   * is also called for responses with messages that the gateway cannot decode and writes as bytes. If it throws, the
   * process emits a warning, and the client still gets its response.
   */
  readonly onError?: (error: GatewayError, request: IncomingMessage) => void;
  /**
   * Objects with functions that are called at the start and the end of every call, for logs, metrics and traces. If
   * there is neither an observer nor a subscriber to the diagnostics channels `etcd-gateway:call:start` and
   * `etcd-gateway:call:end`, the gateway makes no records. See docs/observability.md.
   *
   * @defaultValue []
   */
  readonly observers?: readonly CallObserver[];
}
