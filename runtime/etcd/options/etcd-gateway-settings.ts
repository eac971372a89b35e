import type { GatewayResponses } from "@etcd-gateway/runtime";
import {
  BROWSER_GUARD_OPTIONS,
  type BrowserGuardSettings,
  BYTES,
  CHANNEL,
  type Checked,
  CONNECT_TIMEOUT,
  count,
  ENDPOINTS,
  FORWARD_HEADERS,
  flag,
  GATEWAY_LIMITS,
  GATEWAY_STREAMS,
  GATEWAY_TIMEOUTS,
  GROUP_TEXTS,
  group,
  INTERCEPTORS,
  isDialectPrefix,
  listOf,
  METADATA,
  milliseconds,
  OBSERVERS,
  ON_ERROR,
  type Option,
  type OptionTable,
  oneOf,
  optionalGroup,
  RESPONSES,
  recordOf,
  TLS,
  type TlsSettings,
  text,
  UNBOUND_RPCS,
  wordOr,
} from "@etcd-gateway/runtime/options";
import { PATH_PREFIXES } from "../api/version-prefixes.js";
import { DIALECT_NAMES } from "./dialect-names.js";
import type {
  EtcdAccess,
  EtcdCredentials,
  EtcdGatewayOptions,
  EtcdJson,
  EtcdLimits,
  EtcdStreams,
  EtcdTimeouts,
  Exposure,
} from "./etcd-gateway-options.js";

/** The groups of options after they have been checked. */
interface Groups {
  readonly tls: TlsSettings | undefined;
  readonly access: Checked<EtcdAccess, "credentials">;
  readonly json: Checked<EtcdJson>;
  readonly limits: Checked<EtcdLimits>;
  readonly timeouts: Checked<EtcdTimeouts>;
  readonly browsers: BrowserGuardSettings;
  readonly streams: Checked<EtcdStreams>;
  readonly responses: Checked<GatewayResponses, keyof GatewayResponses>;
}

/** The options after they have been checked. */
export type EtcdGatewaySettings = Groups & { readonly interceptors: object } & Omit<
    Checked<EtcdGatewayOptions, "metadata" | "onError">,
    keyof Groups | "interceptors"
  >;

/** The option for the gateway's own user in etcd. */
export const CREDENTIALS: Option<EtcdCredentials | undefined> = optionalGroup<EtcdCredentials>(
  "the gateway's own user in etcd. `gateway.client` always uses it. Requests use it only if `actAs` is `gateway`",
  {
    user: text({ text: "the name of the user" }).required(),
    password: text({ text: "the password of the user", secret: true }).required(),
  },
  { secret: true, expected: "an object with a user and a password" },
);

/** The option for what clients may call. */
export const EXPOSE: Option<Exposure> = wordOr(
  oneOf(
    "what clients may call: `all`, `read-only` (most RPCs that change nothing, and sign-in), or a list of services and RPCs, such as `etcdserverpb.KV` and `etcdserverpb.Watch.Watch`. Everything else gets 403: see [RPCs](access.md#rpcs)",
    "all",
    "read-only",
  ),
  listOf({ text: "what clients may call", expected: "a list of services and RPCs" }, text({ text: "a name" })),
).or("all");

// `etcdGateway()` sets these two itself, from etcd's API.
const { rpcs, ...TIMEOUTS } = GATEWAY_TIMEOUTS;
const { events, ...STREAMS } = GATEWAY_STREAMS;

/** The table of the options of `etcdGateway()`. */
export const ETCD_GATEWAY_OPTIONS: OptionTable<EtcdGatewaySettings> = {
  endpoints: ENDPOINTS,
  tls: TLS,
  channel: CHANNEL,
  forwardHeaders: FORWARD_HEADERS,
  metadata: METADATA,
  interceptors: INTERCEPTORS,
  dialect: wordOr(
    oneOf(
      "the etcd versions whose clients you serve: `v1` (3.1 to 3.5) or `v2` (3.6 and later), for all paths or by prefix. Prefixes that you do not name keep their default: see [parity.md](parity.md#dialects)",
      ...DIALECT_NAMES,
    ),
    recordOf(
      { text: "dialects by prefix", expected: 'an object such as { "/v3": "v1" }' },
      oneOf("the dialect under a prefix", ...DIALECT_NAMES),
      isDialectPrefix,
    ),
  ).or({ "/v3": "v2", "/v3beta": "v1", "/v3alpha": "v1" }),
  bytes: BYTES,
  access: group<Groups["access"]>("who may do what", {
    actAs: oneOf(
      "whose rights requests have. `caller`: those of the token in each request; if authentication is enabled in etcd, it refuses requests without a token. `gateway`: those of the gateway's own `credentials`, or of the client certificate in `tls`, for everyone who reaches the gateway; tokens are ignored. A missing token never gives more rights: see [Access](access.md#rights)",
      "caller",
      "gateway",
    ).or("caller"),
    credentials: CREDENTIALS,
    expose: EXPOSE,
    refusals: oneOf(
      "how the gateway reports that etcd refused [a watch](http.md#reliable-watches), or that a token is missing or has expired. `message`: as etcd does, with the status 200, 400 or 500. `status`: with the HTTP status 400, 401 or 403. For a watch whose `Accept` header has `text/event-stream` or `; refusals=status`, it is always `status`",
      "message",
      "status",
    ).or("message"),
    unboundRpcs: UNBOUND_RPCS,
  }),
  json: group<Groups["json"]>(GROUP_TEXTS.json, {
    unknownFields: oneOf(
      "what to do with JSON fields that the API does not have: `ignore` them, as etcd does, or `reject` the request",
      "ignore",
      "reject",
    ).or("ignore"),
    trailingData: oneOf(
      "what to do if there is data after the JSON of a unary request: `reject` the request, or `ignore` the data, as etcd does",
      "ignore",
      "reject",
    ).or("reject"),
    textRevocation: listOf(
      {
        text: "path prefixes under which `auth/role/revoke` takes `key` and `range_end` as [plain text](parity.md#dialects) instead of base64, as in etcd 3.1 to 3.3. Only those versions served `/v3alpha`",
        expected: 'a list of path prefixes such as ["/v3alpha"]',
      },
      text({
        text: "a prefix",
        expected: `one of the path prefixes ${PATH_PREFIXES.join(", ")}`,
        accepts: (prefix) => PATH_PREFIXES.some((each) => each === prefix),
      }),
    ).or(["/v3alpha"]),
  }),
  limits: group<Groups["limits"]>(GROUP_TEXTS.limits, {
    ...GATEWAY_LIMITS,
    maxSignIns: count({
      text: "how many clients may sign in at once (`auth/authenticate`). Each attempt costs etcd tens of milliseconds of CPU time, and anyone may try. Excess requests get 429 with `Retry-After`",
      from: 1,
    }).or(16),
    maxWatches: count({
      text: "how many watches a stream may have. The gateway creates any further watch and cancels it at once, with the reason",
      from: 1,
    }).or(10_000),
  }),
  timeouts: group<Groups["timeouts"]>(GROUP_TEXTS.timeouts, {
    ...TIMEOUTS,
    unary: TIMEOUTS.unary.describedAs(
      "the time limit of unary calls without a `Grpc-Timeout` header; 0 for no limit. Calls that wait for other clients or for the disk have none: lock, campaign, defragment and compaction",
    ),
    connect: CONNECT_TIMEOUT,
    resume: milliseconds({
      text: "how long the gateway tries to resume a watch, keep-alive or election observe [after its connection to etcd broke](http.md#reliable-watches). The client notices nothing. With 0, it never resumes them: the stream ends with its connection. Nor does it then repeat calls that [a member fails](http.md#reliable-watches) for a reason of its own",
    }).or(60_000),
  }),
  browsers: group(GROUP_TEXTS.browsers, BROWSER_GUARD_OPTIONS),
  streams: group<Groups["streams"]>(GROUP_TEXTS.streams, {
    ...STREAMS,
    eventSource: flag(STREAMS.eventSource.facts.text).or(true),
  }),
  responses: RESPONSES,
  onError: ON_ERROR,
  observers: OBSERVERS,
};
