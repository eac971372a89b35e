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

/** A user of etcd's. */
export interface EtcdCredentials {
  readonly user: string;
  readonly password: string;
}

/**
 * What clients may call: everything, what changes nothing, or what a list names: services (`etcdserverpb.KV`), rpcs
 * (`etcdserverpb.KV.Range`) and `read-only`.
 */
export type Exposure = "all" | "read-only" | readonly string[];

/**
 * A family of etcd versions whose JSON gateways behave alike: `v1` is etcd 3.1 to 3.5, `v2` is 3.6 and later. See
 * docs/parity.md for the differences.
 */
export type DialectName = "v1" | "v2";

/** One dialect for all paths, or dialects by path prefix, such as `{ "/v3": "v1" }`. */
export type DialectChoice = DialectName | Readonly<Record<string, DialectName>>;

/** Who may do what. */
export interface EtcdAccess {
  /**
   * Whose rights requests have. `caller`: those of the token that each request brings; if etcd has authentication enabled,
   * it rejects requests without one. `gateway`: those of the gateway's own `credentials`, or of the client certificate in
   * `tls`, for everyone who reaches the gateway; it ignores tokens. A missing token never gives more rights.
   *
   * @defaultValue "caller"
   */
  readonly actAs?: "caller" | "gateway";
  /**
   * The gateway's own etcd user and password. `gateway.client` uses them always, requests only with `actAs: "gateway"`.
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
   * How clients learn that etcd refused a watch or a token. `message`: as in etcd, which responds to a refused watch with 200
   * and a message, and to a missing or expired token with 400 or 500. `status`: with the HTTP status 400, 401 or 403. For
   * watches, `Accept: text/event-stream` and `; refusals=status` always mean `status`.
   *
   * @defaultValue "message"
   */
  readonly refusals?: "message" | "status";
  /**
   * Serves rpcs without an HTTP rule at their gRPC path: `POST /etcdserverpb.KV/RangeStream`, etcd 3.7's only one. etcd
   * does not.
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
  readonly unknownFields?: "ignore" | "refuse";
  /**
   * What to do with data after the JSON of a unary request. etcd ignores it.
   *
   * @defaultValue "refuse"
   */
  readonly trailingData?: "ignore" | "refuse";
  /**
   * Path prefixes under which `auth/role/revoke` takes `key` and `range_end` as plain text instead of base64, as etcd 3.1 to
   * 3.3 did. Only those versions served the default, `/v3alpha`.
   *
   * @defaultValue ["/v3alpha"]
   */
  readonly textRevocation?: readonly string[];
}

/** How much the gateway accepts. */
export interface EtcdLimits extends GatewayLimits {
  /**
   * How many clients may sign in at once (`auth/authenticate`). Excess ones get 429 with `Retry-After`. Checking a password
   * costs etcd tens of milliseconds of CPU time, and anyone may send one.
   *
   * @defaultValue 16
   */
  readonly maxSignIns?: number;
  /**
   * How many watches a stream may have. One more is created and canceled at once, with the reason.
   *
   * @defaultValue 10000
   */
  readonly maxWatches?: number;
}

/** How long the gateway waits, in milliseconds. */
export interface EtcdTimeouts extends Pick<GatewayTimeouts, "body" | "stall"> {
  /**
   * The time limit of unary calls without a `Grpc-Timeout` header; 0 for none. Calls that wait for others or for the disk
   * have no limit: lock, campaign, defragment and compaction. It applies to `gateway.client`, too.
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
   * How long the gateway tries to resume a watch, lease keep-alive or election observer after its connection to etcd broke.
   * The client notices nothing. 0: such streams end with their connection.
   *
   * @defaultValue 60000
   */
  readonly resume?: number;
}

/** How streams are served. */
export interface EtcdStreams extends Pick<GatewayStreams, "heartbeatInterval"> {
  /**
   * Serves watches and other streams with `GET` too, for browsers' `EventSource`, with the request in the query.
   *
   * @defaultValue true
   */
  readonly eventSource?: boolean;
}

/**
 * Where etcd is, and how its gateway behaves.
 *
 * @typeParam Req what requests are to interceptors: in an Express app, Express's `Request`
 */
export interface EtcdGatewayOptions<Req extends IncomingMessage = IncomingMessage> {
  /**
   * etcd's client endpoints: `host:port`, `http://host:port` or `https://host:port`. Calls go to those
   * that are connected, first to the one with the fewest calls in progress. While one is down, the others serve.
   */
  readonly endpoints: readonly string[];
  /** TLS to etcd: the authorities to trust, and the client certificate. Without it only `https://` endpoints use TLS. */
  readonly tls?: TlsOptions;
  /**
   * The gRPC implementation: `grpc-js`, or `lean`, this project's own, which takes about a third of the time and does not
   * load grpc-js. Everything else is the same: see `docs/channels.md`.
   *
   * @defaultValue "grpc-js"
   */
  readonly channel?: ChannelKind;
  /**
   * Request headers that become metadata of the same name, beside `Authorization` and `Grpc-Metadata-*`: names, or what
   * names begin with and a star, such as `X-Tenant-*`. A pattern means no header with credentials.
   *
   * @defaultValue ["traceparent","tracestate"]
   */
  readonly forwardHeaders?: readonly string[];
  /**
   * Gives the metadata of a call by its request and the full name of its rpc. An object changes what the request's headers
   * say, and one key that is `undefined` takes its entries away; a list of entries is all that is sent. A token in it is as
   * good as one in the request's headers.
   */
  readonly metadata?: MetadataSource<Req>;
  /** Functions that run before single rpcs, by service and rpc. They see and change messages, or refuse them. */
  readonly interceptors?: Interceptors<typeof services, Req>;
  /**
   * The etcd versions whose clients you serve: `v1` (3.1 to 3.5) or `v2` (3.6 and later), for all paths or by prefix.
   * Prefixes that you do not name keep their default.
   *
   * @defaultValue {"/v3":"v2","/v3beta":"v1","/v3alpha":"v1"}
   */
  readonly dialect?: DialectChoice;
  /**
   * The JSON form of keys, values and other bytes if a request does not choose one by `?bytes=` or `; bytes=`: `base64` as
   * in etcd, or `text` (strings, and `{"base64": "..."}` for bytes that are not valid UTF-8).
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
  /** Whose web pages may use the gateway. */
  readonly browsers?: BrowserGuardOptions;
  /** How streams are served. */
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
