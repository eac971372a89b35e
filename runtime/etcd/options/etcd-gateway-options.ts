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
 * A family of etcd versions whose JSON gateways answer alike: `v1` is etcd 3.1 to 3.5, `v2` is 3.6 and later. See
 * docs/parity.md for what differs.
 */
export type DialectName = "v1" | "v2";

/** One dialect for all paths, or dialects by path prefix, such as `{ "/v3": "v1" }`. */
export type DialectChoice = DialectName | Readonly<Record<string, DialectName>>;

/** Who may do what. */
export interface EtcdAccess {
  /**
   * Whose rights requests have. `caller`: those of the token that each brings; without one etcd refuses it. `gateway`:
   * those of the gateway's own `credentials`, or of the client certificate in `tls`, for whoever gets through to it, and
   * tokens are not looked at. There is nothing between: a token that is missing never means more rights.
   *
   * @defaultValue "caller"
   */
  readonly actAs?: "caller" | "gateway";
  /**
   * The gateway's own user and password in etcd. Calls of `gateway.client` are made in its name, those of requests only
   * with `actAs: "gateway"`.
   */
  readonly credentials?: EtcdCredentials;
  /**
   * What clients may call: `all`, `read-only`, or a list of services (`etcdserverpb.KV`) and rpcs
   * (`etcdserverpb.KV.Range`). Everything else is answered 403. `gateway.client` is not limited.
   *
   * @defaultValue "all"
   */
  readonly expose?: Exposure;
  /**
   * How refusals are answered that etcd does not tell by their status: `message` as etcd does, or `status`. They are a
   * refused watch that is the first of its request, which etcd answers by 200 and a message, and a token that is missing
   * or no longer good: 400 from etcd, or 500, and 401 by `status`. Of a watch, `Accept: text/event-stream` and
   * `; refusals=status` get the status in any case.
   *
   * @defaultValue "message"
   */
  readonly refusals?: "message" | "status";
  /**
   * Reaches rpcs that have no HTTP rule too, by the path of gRPC: `POST /etcdserverpb.KV/RangeStream`, etcd 3.7's only
   * one. etcd does not.
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
   * What to do with data behind a unary request's JSON. etcd ignores it.
   *
   * @defaultValue "refuse"
   */
  readonly trailingData?: "ignore" | "refuse";
  /**
   * The path prefixes under which `auth/role/revoke` has `key` and `range_end` as plain text, as etcd 3.1 to 3.3 had
   * them, instead of base64. Those versions alone served the default.
   *
   * @defaultValue ["/v3alpha"]
   */
  readonly textRevocation?: readonly string[];
}

/** How much the gateway takes. */
export interface EtcdLimits extends GatewayLimits {
  /**
   * How many clients may be signing in (`auth/authenticate`); more are answered 429 with `Retry-After`. A password costs
   * etcd tens of milliseconds of a core, and anybody may send one.
   *
   * @defaultValue 16
   */
  readonly maxSignIns?: number;
  /**
   * How many watches a stream may have; one more is created and cancelled, with the reason.
   *
   * @defaultValue 10000
   */
  readonly maxWatches?: number;
}

/** How long the gateway waits, in milliseconds. */
export interface EtcdTimeouts extends Pick<GatewayTimeouts, "body" | "stall"> {
  /**
   * How long a unary call may take if its client sends no `Grpc-Timeout`; 0 for no limit. Calls that wait for others or
   * for the disk have none: lock, campaign, defragment and compaction. It holds for `gateway.client` too.
   *
   * @defaultValue 30000
   */
  readonly unary?: number;
  /**
   * How long a call looks for an endpoint that answers before it fails with 503.
   *
   * @defaultValue 5000
   */
  readonly connect?: number;
  /**
   * How long a watch, lease keep-alive or election observer that lost its connection to etcd looks for another before it
   * fails; its client notices nothing. 0: such streams end with their connection.
   *
   * @defaultValue 60000
   */
  readonly resume?: number;
}

/** How streams are served. */
export interface EtcdStreams extends Pick<GatewayStreams, "heartbeatInterval"> {
  /**
   * Serves watches and other streams to browsers' `EventSource`: by `GET`, the request in the query.
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
   * that are connected, first to the one with the fewest under way; while one is down the others serve.
   */
  readonly endpoints: readonly string[];
  /** TLS to etcd: the authorities to trust, and the client certificate. Without it only `https://` endpoints use TLS. */
  readonly tls?: TlsOptions;
  /**
   * What carries the calls to etcd: `grpc-js`, or `lean`, a channel of this project's own, which takes a third of the
   * time and does not load grpc-js. All else is the same: see `docs/channels.md`.
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
  /** What stands between clients and etcd, by service and rpc: may see and change messages, or refuse. */
  readonly interceptors?: Interceptors<typeof services, Req>;
  /**
   * The etcd versions whose clients are served: `v1` (3.1 to 3.5) or `v2` (3.6 and later), for all paths or by prefix.
   * Prefixes that are not named have their default.
   *
   * @defaultValue {"/v3":"v2","/v3beta":"v1","/v3alpha":"v1"}
   */
  readonly dialect?: DialectChoice;
  /**
   * How keys, values and other bytes are JSON where a request does not say by `?bytes=` or `; bytes=`: `base64` as etcd
   * does, or `text`: plain strings where they are valid UTF-8, `{"base64": "..."}` where they are not.
   *
   * @defaultValue "base64"
   */
  readonly bytes?: BytesForm;
  /** Who may do what. */
  readonly access?: EtcdAccess;
  /** How the JSON of requests is read. */
  readonly json?: EtcdJson;
  /** How much the gateway takes. */
  readonly limits?: EtcdLimits;
  /** How long the gateway waits. */
  readonly timeouts?: EtcdTimeouts;
  /** Whose web pages may use the gateway. */
  readonly browsers?: BrowserGuardOptions;
  /** How streams are served. */
  readonly streams?: EtcdStreams;
  /** What responses are like, where the app says so. */
  readonly responses?: GatewayResponses<Req>;
  /** Told of every error that is answered, for logs: the error's `cause` has what clients do not see. */
  readonly onError?: (error: GatewayError, request: IncomingMessage) => void;
  /**
   * Hear of the start and the end of every call: for logs, metrics and traces.
   *
   * @defaultValue []
   */
  readonly observers?: readonly CallObserver[];
}
