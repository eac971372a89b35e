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

/** A user of etcd. */
export interface EtcdCredentials {
  readonly user: string;
  readonly password: string;
}

/**
 * The services and rpcs that clients may call: `all`, `read-only` (rpcs that change nothing), or a list of services
 * (`etcdserverpb.KV`), rpcs (`etcdserverpb.KV.Range`) and `read-only`.
 */
export type Exposure = "all" | "read-only" | readonly string[];

/**
 * A family of etcd versions whose JSON gateways behave alike: `v1` is etcd 3.1 to 3.5, `v2` is 3.6 and later. See
 * docs/parity.md for the differences.
 */
export type DialectName = "v1" | "v2";

/** One dialect for all paths, or one per path prefix, such as `{ "/v3": "v1" }`. */
export type DialectChoice = DialectName | Readonly<Record<string, DialectName>>;

/** Options of authorization. */
export interface EtcdAccess {
  /**
   * Whose rights requests have. `caller`: those of the token in each request; if etcd has authentication enabled,
   * it rejects requests without one. `gateway`: those of the gateway's own `credentials`, or of the client certificate in
   * `tls`, for everyone who reaches the gateway; it ignores tokens. A missing token never gives more rights.
   *
   * @defaultValue "caller"
   */
  readonly actAs?: "caller" | "gateway";
  /**
   * The gateway's own etcd user and password. `gateway.client` always uses them. Requests use them only with
   * `actAs: "gateway"`.
   */
  readonly credentials?: EtcdCredentials;
  /**
   * What clients may call: `all`, `read-only`, or a list of services (`etcdserverpb.KV`) and rpcs
   * (`etcdserverpb.KV.Range`). Everything else gets 403. `gateway.client` is not limited.
   *
   * @defaultValue "all"
   */
  readonly expose?: Exposure;
  /**
   * How clients learn that etcd refused a watch or a token. `message`: as in etcd, which responds to a refused watch
   * with 200 and a message, and to a missing or expired token with 400 or 500. `status`: with the HTTP status 400, 401
   * or 403. For watches, the `Accept` headers `text/event-stream` and `; refusals=status` always mean `status`.
   *
   * @defaultValue "message"
   */
  readonly refusals?: "message" | "status";
  /**
   * Serves rpcs without an HTTP rule at their gRPC path. In etcd 3.7, the only one is
   * `POST /etcdserverpb.KV/RangeStream`. etcd's own gateway does not serve it.
   *
   * @defaultValue false
   */
  readonly unboundRpcs?: boolean;
}

/** How the JSON of requests is read. */
export interface EtcdJson {
  /**
   * What to do with JSON fields that the API does not have. etcd ignores them.
   *
   * @defaultValue "ignore"
   */
  readonly unknownFields?: "ignore" | "reject";
  /**
   * What to do with data after the JSON of a unary request. etcd ignores it.
   *
   * @defaultValue "reject"
   */
  readonly trailingData?: "ignore" | "reject";
  /**
   * Path prefixes under which `auth/role/revoke` accepts `key` and `range_end` as plain text instead of base64, as in
   * etcd 3.1 to 3.3. Only those versions served the default prefix, `/v3alpha`.
   *
   * @defaultValue ["/v3alpha"]
   */
  readonly textRevocation?: readonly string[];
}

/** Limits of what the gateway accepts. */
export interface EtcdLimits extends GatewayLimits {
  /**
   * How many clients may sign in at once (`auth/authenticate`). Excess ones get 429 with `Retry-After`. Checking a password
   * costs etcd tens of milliseconds of CPU time, and anyone may send one.
   *
   * @defaultValue 16
   */
  readonly maxSignIns?: number;
  /**
   * How many watches a stream may have. A further watch is created and canceled immediately, with the reason.
   *
   * @defaultValue 10000
   */
  readonly maxWatches?: number;
}

/** Time limits, in milliseconds. */
export interface EtcdTimeouts extends Omit<GatewayTimeouts, "rpcs"> {
  /**
   * The time limit of unary calls without a `Grpc-Timeout` header, or 0 for none. Calls that wait for other clients or
   * for the disk have no limit: lock, campaign, defragment and compaction. It also applies to `gateway.client`.
   *
   * @defaultValue 30000
   */
  readonly unary?: number;
  /**
   * How long a call waits for a reachable endpoint before it fails with 503.
   *
   * @defaultValue 5000
   */
  readonly connect?: number;
  /**
   * How long the gateway tries to resume a watch, lease keep-alive or election observer after its connection to etcd
   * broke. The client notices nothing. If 0, such streams end with their connection.
   *
   * @defaultValue 60000
   */
  readonly resume?: number;
}

/** Options of streams. */
export interface EtcdStreams extends Omit<GatewayStreams, "events"> {
  /**
   * Serves watches and other streams also with `GET`, with the request in the query, for `EventSource` in browsers.
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
   * etcd's client endpoints: `host:port`, `http://host:port` or `https://host:port`. Calls go to connected endpoints,
   * preferably to the one with the fewest calls in progress. If an endpoint fails, the others continue to serve.
   */
  readonly endpoints: readonly string[];
  /**
   * TLS to etcd: the trusted certificate authorities and the client certificate. Without it, only `https://` endpoints
   * use TLS.
   */
  readonly tls?: TlsOptions;
  /**
   * The gRPC implementation: `grpc-js`, or `lean`, this project's own, which needs less CPU time and does not
   * load grpc-js. They behave the same otherwise: see `docs/channels.md`.
   *
   * @defaultValue "grpc-js"
   */
  readonly channel?: ChannelKind;
  /**
   * Request headers that become metadata of the same name, in addition to `Authorization` and `Grpc-Metadata-*`: names,
   * or prefixes followed by a star, such as `X-Tenant-*`. A pattern never matches headers with credentials.
   *
   * @defaultValue ["traceparent","tracestate"]
   */
  readonly forwardHeaders?: readonly string[];
  /**
   * Returns the metadata of a call, from its request and the full name of its rpc. If it returns an object, the object
   * overrides the metadata from the request's headers, and a key with the value `undefined` removes its entries. If it
   * returns a list of entries, the call has only these. A token in the metadata works like one in the request's
   * headers.
   */
  readonly metadata?: MetadataSource<Req>;
  /**
   * Functions that run before rpcs, by service and rpc. They can read, change and reject messages. Those under `*` run
   * before all rpcs, or all of a service, and see no messages.
   */
  readonly interceptors?: Interceptors<typeof services, Req>;
  /**
   * The etcd versions whose clients you serve: `v1` (3.1 to 3.5) or `v2` (3.6 and later), for all paths or by prefix.
   * Prefixes that you do not name keep their default.
   *
   * @defaultValue {"/v3":"v2","/v3beta":"v1","/v3alpha":"v1"}
   */
  readonly dialect?: DialectChoice;
  /**
   * The JSON form of keys, values and other bytes, unless a request chooses one by `?bytes=` or `; bytes=`: `base64` as
   * in etcd, or `text` (strings, and `{"base64": "..."}` for bytes that are not valid UTF-8).
   *
   * @defaultValue "base64"
   */
  readonly bytes?: BytesForm;
  /** Options of authorization. */
  readonly access?: EtcdAccess;
  /** How the JSON of requests is read. */
  readonly json?: EtcdJson;
  /** Limits of what the gateway accepts. */
  readonly limits?: EtcdLimits;
  /** Time limits, in milliseconds. */
  readonly timeouts?: EtcdTimeouts;
  /** Options for web pages that use the gateway. */
  readonly browsers?: BrowserGuardOptions;
  /** Options of streams. */
  readonly streams?: EtcdStreams;
  /** Functions that change responses. */
  readonly responses?: GatewayResponses<Req>;
  /** Called with every error that the gateway sends, for logs. The error's `cause` holds details that clients do not see. */
  readonly onError?: (error: GatewayError, request: IncomingMessage) => void;
  /**
   * Called at the start and the end of every call, for logs, metrics and traces.
   *
   * @defaultValue []
   */
  readonly observers?: readonly CallObserver[];
}
