import type { IncomingMessage } from "node:http";
import {
  type BrowserGuardOptions,
  type BytesForm,
  type ChannelKind,
  type Client,
  createClient,
  createGateway,
  type Gateway,
  type GatewayError,
  grpcTransport,
  type Interceptors,
  type Rpc,
  type Service,
  type TlsOptions,
  type Transport,
} from "@etcd-gateway/runtime";
import { services } from "../../generated/index.js";
import { type Exposure, exposedNames } from "./access/expose.js";
import { identities } from "./access/identity.js";
import type { EtcdCredentials } from "./access/own-session.js";
import { refusingTransport } from "./access/refusing-transport.js";
import { limitingSignIns } from "./access/sign-in-limit.js";
import { unauthenticatedTransport } from "./access/unauthenticated.js";
import { type DialectChoice, dialectsOf } from "./dialect/dialect-choice.js";
import { textRevocation } from "./dialect/text-revocation.js";
import { resumingTransport } from "./streams/resuming-transport.js";
import { watchEvents } from "./streams/watch-events.js";

/**
 * Where etcd is, and how its gateway behaves. Times are in milliseconds, sizes in bytes.
 *
 * @typeParam Req what requests are to interceptors: in an Express app, Express's `Request`
 */
export interface EtcdGatewayOptions<Req extends IncomingMessage = IncomingMessage> extends BrowserGuardOptions {
  /**
   * etcd's client endpoints: `host:port`, `http://host:port` or `https://host:port`. Calls take turns among those that
   * answer; while one is down the others serve.
   */
  readonly endpoints: readonly string[];
  /** TLS to etcd: the authorities to trust, and the client certificate. Without it only `https://` endpoints use TLS. */
  readonly tls?: TlsOptions;
  /**
   * What carries the calls to etcd: `grpc-js`, the default, or `lean`, a channel of this project's own, which takes a
   * quarter of the time and does not load grpc-js. All else is the same: see `docs/channels.md`.
   */
  readonly channel?: ChannelKind;
  /**
   * Whose rights requests have. `caller`, the default: those of the token that each brings; without one etcd refuses it.
   * `gateway`: those of the gateway's own `credentials`, or of the client certificate in `tls`, for whoever gets through
   * to it, and tokens are not looked at. There is nothing between: a token that is missing never means more rights.
   */
  readonly actAs?: "caller" | "gateway";
  /**
   * The gateway's own user and password in etcd. Calls of {@link EtcdGateway.client} are made in its name, those of
   * requests only with `actAs: "gateway"`.
   */
  readonly credentials?: EtcdCredentials;
  /**
   * What clients may call: `all` by default, `read-only`, or a list of services (`etcdserverpb.KV`) and rpcs
   * (`etcdserverpb.KV.Range`). Everything else is answered 403. {@link EtcdGateway.client} is not limited.
   */
  readonly expose?: Exposure;
  /** What stands between clients and etcd, by service and rpc: may see and change messages, or refuse. */
  readonly interceptors?: Interceptors<typeof services, Req>;
  /**
   * The etcd versions whose clients are served: `v1` (3.1 to 3.5) or `v2` (3.6 and later), for all paths or by prefix. By
   * default `v2` under `/v3`, and `v1` under `/v3beta` and `/v3alpha`.
   */
  readonly dialect?: DialectChoice;
  /**
   * The path prefixes under which `auth/role/revoke` has `key` and `range_end` as plain text, as etcd 3.1 to 3.3 had
   * them, instead of base64: `["/v3alpha"]` by default, which those versions alone served.
   */
  readonly textRevocation?: readonly string[];
  /**
   * How keys, values and other bytes are JSON where a request does not say by `?bytes=` or `; bytes=`: `base64` as etcd
   * does, by the default, or `text`: plain strings where they are valid UTF-8, `{"base64": "..."}` where they are not.
   */
  readonly bytes?: BytesForm;
  /** Refuses JSON fields that the API does not have; by default they are ignored, as etcd does. */
  readonly strict?: boolean;
  /** Ignores data behind a unary request's JSON, as etcd does; by default it is refused. */
  readonly lenientTrailing?: boolean;
  /** The largest request body, or message of a request stream: 3 MiB by default, which is etcd's 2 MiB in base64. */
  readonly bodyLimit?: number;
  /**
   * How long a unary call may take if its client sends no `Grpc-Timeout`; 30,000 by default, 0 for no limit. Calls that
   * wait for others or for the disk have none: lock, campaign, defragment and compaction. It holds for
   * {@link EtcdGateway.client} too.
   */
  readonly unaryTimeout?: number;
  /** How long a call looks for an endpoint that answers before it fails with 503; 5,000 by default. */
  readonly connectTimeout?: number;
  /**
   * Lets watches, lease keep-alives and election observers outlive their connection to etcd: they go on over another,
   * and clients notice nothing. `true` by default.
   */
  readonly resume?: boolean;
  /** How long a stream that lost its connection looks for another before it fails; 60,000 by default. */
  readonly resumeTimeout?: number;
  /**
   * How refusals are answered that etcd does not tell by their status: `message` as etcd does, by the default, or
   * `status`. They are a refused watch that is the first of its request, which etcd answers by 200 and a message, and a
   * token that is missing or no longer good: 400 from etcd, or 500, and 401 by `status`. Of a watch, `Accept: text/event-stream` and `; refusals=status` get
   * the status in any case.
   */
  readonly refusals?: "message" | "status";
  /**
   * Serves watches and other streams to browsers' `EventSource`: by `GET`, the request in the query. `true` by default.
   */
  readonly eventSource?: boolean;
  /**
   * Reaches rpcs that have no HTTP rule too, by the path of gRPC: `POST /etcdserverpb.KV/RangeStream`, etcd 3.7's only
   * one. `false` by default, as on etcd.
   */
  readonly unboundRpcs?: boolean;
  /** How long a stream of server-sent events is quiet before a heartbeat; 15,000 by default, 0 for no heartbeats. */
  readonly heartbeatInterval?: number;
  /** How many unary calls may be under way; more are answered 503 with `Retry-After`. 1,000 by default. */
  readonly maxInFlight?: number;
  /**
   * How many streams and WebSockets may be open, and lock, campaign, defragment and compaction calls under way, together;
   * more are answered 503 with `Retry-After`. 10,000 by default.
   */
  readonly maxStreams?: number;
  /**
   * How many clients may be signing in (`auth/authenticate`); more are answered 429 with `Retry-After`. 16 by default: a
   * password costs etcd tens of milliseconds of a core, and anybody may send one.
   */
  readonly maxSignIns?: number;
  /** How long {@link Gateway.close} lets unary calls go on; 10,000 by default. */
  readonly closeGrace?: number;
  /** Told of every error that is answered, for logs: the error's `cause` has what clients do not see. */
  readonly onError?: (error: GatewayError, request: IncomingMessage) => void;
}

/** A gateway to etcd. */
export interface EtcdGateway extends Gateway {
  /** Calls etcd with typed messages over the gateway's connections, until it is closed. */
  readonly client: Client<typeof services>;
}

const RPCS: readonly Rpc[] = Object.values<Service>(services).flatMap((service) => Object.values(service.rpcs));

/** The path prefix of every API version that etcd has had: clients of any age find the API under theirs. */
const PREFIXES = ["/v3", "/v3beta", "/v3alpha"] as const;

const WATCH = "etcdserverpb.Watch.Watch";

/** They wait for another client, or for the disk: any limit of ours would be a guess. */
const UNLIMITED = [
  "v3lockpb.Lock.Lock",
  "v3electionpb.Election.Campaign",
  "etcdserverpb.Maintenance.Defragment",
  "etcdserverpb.KV.Compact",
];

/** They change nothing, so a connection that breaks is no reason to fail. */
const IDEMPOTENT = [
  "etcdserverpb.KV.Range",
  "etcdserverpb.KV.RangeStream",
  "etcdserverpb.Lease.LeaseTimeToLive",
  "etcdserverpb.Lease.LeaseLeases",
  "etcdserverpb.Cluster.MemberList",
  "etcdserverpb.Maintenance.Status",
  "etcdserverpb.Maintenance.Hash",
  "etcdserverpb.Maintenance.HashKV",
  "etcdserverpb.Auth.AuthStatus",
  "etcdserverpb.Auth.UserGet",
  "etcdserverpb.Auth.UserList",
  "etcdserverpb.Auth.RoleGet",
  "etcdserverpb.Auth.RoleList",
  "v3electionpb.Election.Leader",
];

/**
 * Makes etcd's JSON API, as a router for an Express app.
 *
 * ```ts
 * const gateway = etcdGateway({ endpoints: ["127.0.0.1:2379"] });
 * app.use(gateway.router);
 * ```
 *
 * It connects on the first request. Mount it before body parsers: it reads bodies itself, to the last digit.
 *
 * @throws TypeError if an option cannot be used; it names the option and the value.
 */
export function etcdGateway<Req extends IncomingMessage = IncomingMessage>(
  options: EtcdGatewayOptions<Req>,
): EtcdGateway {
  const {
    endpoints,
    tls,
    channel,
    connectTimeout,
    actAs,
    credentials,
    expose,
    interceptors,
    resume,
    resumeTimeout,
    refusals,
    dialect,
    textRevocation: textPrefixes,
    strict,
    lenientTrailing,
    maxSignIns = 16,
    ...rest
  } = options;
  const names = new Set(RPCS.map((rpc) => rpc.name));
  // An older etcd's API, generated anew, lacks some of these.
  const known = (rpc: string): boolean => names.has(rpc);
  const connections = grpcTransport({
    endpoints,
    ...(tls !== undefined && { tls }),
    ...(channel !== undefined && { channel }),
    ...(connectTimeout !== undefined && { connectTimeout }),
  });
  const { requests, own, mapMetadata } = identities(connections, { actAs, credentials, tls });
  const lasting = (by: Transport): Transport =>
    refusingTransport(
      resumingTransport(by, {
        ...(resumeTimeout !== undefined && { timeout: resumeTimeout }),
        ...(resume === false && { timeout: 0 }),
        ...(refusals !== undefined && { refusals }),
      }),
    );
  const ofRequests = lasting(requests);
  const transport = limitingSignIns(
    refusals === "status" ? unauthenticatedTransport(ofRequests) : ofRequests,
    maxSignIns,
  );
  const ownTransport = own === requests ? ofRequests : lasting(own);
  const idempotent = IDEMPOTENT.filter(known);
  const timeouts = Object.fromEntries(UNLIMITED.filter(known).map((rpc) => [rpc, 0]));
  const exposed = exposedNames(expose ?? "all", known);
  const gateway = createGateway({
    ...rest,
    ...dialectsOf(dialect),
    eventSource: rest.eventSource ?? true,
    events: { [WATCH]: watchEvents },
    // Before the others, as the first of routes with the same path is served.
    services: { textRevocation: textRevocationOf(textPrefixes ?? ["/v3alpha"]), ...services },
    transport,
    mapMetadata,
    ...(exposed !== undefined && { expose: exposed }),
    ...(interceptors !== undefined && { interceptors }),
    aliases: aliases(),
    timeouts,
    idempotent,
    // An enum number that etcd does not know can end the whole server, and some of them its restart too.
    json: {
      unknownEnumNumbers: "refuse",
      unknownFields: strict === true ? "refuse" : "ignore",
      trailingData: lenientTrailing === true ? "ignore" : "refuse",
    },
  });
  const client = createClient(services, ownTransport, {
    timeouts,
    idempotent: new Set(idempotent),
    ...(rest.unaryTimeout !== undefined && { timeout: rest.unaryTimeout }),
  });
  return {
    ...gateway,
    client,
    async close(grace) {
      await gateway.close(grace);
      ownTransport.close();
    },
  };
}

function textRevocationOf(prefixes: readonly string[]): Service {
  return textRevocation(services.auth.rpcs.roleRevokePermission, prefixes);
}

/** Every prefix stands for the one that the generated routes have: `/v3`, or an older one for an older etcd. */
function aliases(): Readonly<Record<string, string>> {
  const paths = RPCS.flatMap((rpc) => rpc.bindings.map((binding) => binding.template));
  const own = PREFIXES.find((prefix) => paths.some((path) => path.startsWith(`${prefix}/`))) ?? PREFIXES[0];
  return Object.fromEntries(PREFIXES.filter((prefix) => prefix !== own).map((prefix) => [prefix, own]));
}
