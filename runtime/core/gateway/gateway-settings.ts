import { IDEMPOTENT_OPTION, RPC_NAME } from "../call/client-options.js";
import type { MetadataSource } from "../call/metadata/metadata-source.js";
import { isService } from "../call/rpc.js";
import { transportOption } from "../call/transport-option.js";
import type { Dialect } from "../http/dialect.js";
import { isDialectPrefix } from "../http/dialect-prefix.js";
import { BROWSER_GUARD_OPTIONS, type BrowserGuardSettings } from "../http/guard/browser-guard-options.js";
import type { OnError } from "../http/on-error.js";
import type { BytesForm } from "../json/bytes-form.js";
import type { MessageCodec } from "../json/codec.js";
import { DEFAULT_MAX_DEPTH, type JsonReadOptions } from "../json/read/json-read-options.js";
import { OBSERVERS } from "../observe/observers-option.js";
import type { Checked, Option, OptionalOption, OptionTable } from "../options/option.js";
import { group } from "../options/option-group.js";
import {
  callback,
  copied,
  count,
  flag,
  hasMethods,
  instance,
  listOf,
  milliseconds,
  oneOf,
  recordOf,
  text,
} from "../options/option-kinds.js";
import type { NumberEvents } from "../session/stream-events.js";
import { isMetadataKey } from "../transport/metadata.js";
import type {
  GatewayAccess,
  GatewayLimits,
  GatewayOptions,
  GatewayResponses,
  GatewayServices,
  GatewayStreams,
  GatewayTimeouts,
} from "./gateway-options.js";
import { GATEWAY_LIMITS, GATEWAY_TIMEOUTS } from "./limit-options.js";

/** The groups of options after they are read. */
interface Groups {
  readonly json: Checked<Omit<JsonReadOptions, "bytes" | "types">, keyof Omit<JsonReadOptions, "bytes" | "types">>;
  readonly access: Checked<GatewayAccess, "expose">;
  readonly limits: Checked<GatewayLimits>;
  readonly timeouts: Checked<GatewayTimeouts>;
  readonly browsers: BrowserGuardSettings;
  readonly streams: Checked<GatewayStreams>;
  readonly responses: Checked<GatewayResponses, keyof GatewayResponses>;
}

/** The options after they are read. Their interceptors may belong to any services. */
export type GatewaySettings = Groups & {
  readonly interceptors: object;
} & Omit<Checked<GatewayOptions, "dialect" | "roots" | "metadata" | "onError">, keyof Groups | "interceptors">;

function isObject(given: unknown): given is object {
  return typeof given === "object" && given !== null;
}

function isPrefix(text: string): boolean {
  return /^(\/[^/{}*:%]+)+$/.test(text);
}

function dialectOption(text: string): OptionalOption<Dialect> {
  const expected = "a dialect: grpcGatewayV1, grpcGatewayV2 or one of your own";
  return instance<Dialect>(
    { text, type: "Dialect", expected },
    (given) =>
      isObject(given) && "errors" in given && isObject(given.errors) && "json" in given && isObject(given.json),
  );
}

/** The option `onError`. */
export const ON_ERROR: Option<GatewaySettings["onError"]> = callback<OnError>(
  "called with every error that the gateway sends, for logs. `error.cause` holds details that clients do not see. It is also called for responses with messages that the gateway cannot decode and writes as bytes. If it throws, the process emits a warning, and the client still gets its response",
);

const HEADER = /^[\w!#$%&'+.^`|~-]+\*?$/;

/** Whether a header name, or a prefix of header names and `*`, can become metadata. */
function canForward(pattern: string): boolean {
  const name = pattern.toLowerCase();
  // Any text after what the names begin with makes a longer name. That one is not forbidden, unless all such names are.
  return HEADER.test(pattern) && isMetadataKey(name.endsWith("*") ? `${name.slice(0, -1)}_` : name);
}

/** The option `forwardHeaders`. */
export const FORWARD_HEADERS: Option<readonly string[]> = listOf(
  {
    text: "request headers that become metadata of the same name, in addition to `Authorization` and `Grpc-Metadata-*`. `X-Tenant-*` stands for all names that begin with `X-Tenant-`. Such a pattern does not include headers with credentials: see [metadata](observability.md#metadata)",
  },
  text({
    text: "",
    expected: "a header name, or a prefix of header names and *",
    accepts: canForward,
    advice: (name) =>
      HEADER.test(name) ? "no call can carry this one, because HTTP/2 or gRPC reserves or forbids it" : undefined,
  }),
).or(["traceparent", "tracestate"]);

/** The option `metadata`. */
export const METADATA: OptionalOption<MetadataSource> = callback<MetadataSource>(
  'returns the metadata of a call; it gets the request and the full name of the RPC. If it returns an object, such as `{ "x-tenant": "a" }`, this changes the metadata that the headers give: a value replaces that of its key, and `undefined` removes the key. If it returns a list of entries, this replaces all metadata. Entries that cannot be sent are left out. If the function throws a `GatewayError`, the client gets that error: see [metadata](observability.md#metadata)',
);

/** The option `bytes`. */
export const BYTES: Option<BytesForm> = oneOf(
  'the JSON form of bytes, such as keys and values, unless a request chooses another with `?bytes=` or `; bytes=`. `base64`: as in etcd. `text`: strings, and `{"base64": "..."}` for bytes that are not valid UTF-8: see [Text instead of base64](http.md#text-instead-of-base64)',
  "base64",
  "text",
).or("base64");

/** The option `access.unboundRpcs`. */
export const UNBOUND_RPCS: Option<boolean> = flag(
  "also serve RPCs that have no HTTP rule, at their gRPC path and with the request message as the body, such as `POST /etcdserverpb.KV/RangeStream` of etcd 3.7",
).or(false);

/** The options of `streams`. */
export const GATEWAY_STREAMS: OptionTable<Groups["streams"]> = {
  eventSource: flag(
    "also serve streams over `GET`, with the fields of the request in the query, to clients that accept `text/event-stream`. A browser's `EventSource` can send only `GET`: see [server-sent events](http.md#server-sent-events-and-ndjson)",
  ).or(false),
  heartbeatInterval: milliseconds({
    text: "how long a stream of [server-sent events](http.md#server-sent-events-and-ndjson) may be silent before the gateway sends a comment as a heartbeat; 0 for no heartbeats",
  }).or(15_000),
  events: recordOf(
    {
      text: "functions that give ids to the messages of streams, by the full names of RPCs. With such ids, a client of server-sent events that reconnects with `Last-Event-ID` continues where it was",
      expected: "an object with functions by the names of RPCs",
    },
    callback<NumberEvents>("numbers the messages of a stream"),
  ).or({}),
};

/** The options of `responses`. */
export const RESPONSES: Option<Groups["responses"]> = group<Groups["responses"]>(
  "functions that change responses: see [responses of your own](responses.md)",
  {
    error: callback(
      "returns the status, headers and body of an error, or `undefined` to keep the gateway's own. On a WebSocket, and in a stream that has begun, only the body is used; in a stream, it becomes the member `error`. If the function throws, the process emits a warning, and the gateway sends its own response",
    ),
    success: callback(
      "returns the status and headers of a response with a message, from the RPC, the call's metadata and the message. For a stream, it is called once, with the first message. It is not called for WebSockets",
    ),
    headerName: callback(
      "returns the header name for a key of the call's response headers, instead of `Grpc-Metadata-<Key>`, or `undefined` to leave the header out",
    ),
    trailerName: callback(
      "does the same for the call's trailers, instead of `Grpc-Trailer-<Key>`. Clients that send `TE: trailers` get them",
    ),
    unknownRoute: callback(
      "responds to requests without a route, instead of the gateway. The `httpStatus` of the error is what the gateway would send: 404, 405 or, for a malformed path, 400. The `headers` of a 405 have `Allow`. The parameters are those of an Express error handler: `next` passes the request to the handler after the gateway, if there is one. If the function throws or rejects, the gateway responds",
    ),
  },
);

/** The option `interceptors`. */
export const INTERCEPTORS: Option<object> = instance<object>(
  {
    text: "functions that run before RPCs, by service and RPC. They can read, change and reject messages. Those under `*` run before all RPCs, or all of a service, and see no messages: see [interceptors.md](interceptors.md)",
    type: "object",
    expected: "an object with functions by the names of services and RPCs, or *",
  },
  isObject,
).or({});

/** The texts of the groups that the options of a gateway for one API, such as `etcdGateway()`, have too. */
export const GROUP_TEXTS = {
  json: "how the JSON of requests is read",
  limits: "how much the gateway accepts",
  timeouts: "how long the gateway waits",
  browsers: "which web pages may use the gateway",
  streams: "how streams are served",
} as const;

/** The options of {@link GatewayOptions}. */
export const GATEWAY_OPTIONS: OptionTable<GatewaySettings> = {
  services: copied<GatewayServices>(
    {
      text: "the services, as the generated code exports them: all of them as `services`, or some as a list",
      type: "{ [name]: Service } | Service[]",
      expected: "the services from generated code",
    },
    (given) => isObject(given) && Object.keys(given).length > 0 && Object.values(given).every(isService),
  ).required(),
  transport: transportOption(
    "makes the calls, such as `grpcTransport({ endpoints })`. When the gateway closes, it closes the transport",
    "close",
  ),
  interceptors: INTERCEPTORS,
  dialect: dialectOption(
    "how errors are written and request JSON is read: `grpcGatewayV1`, `grpcGatewayV2` (the default) or one of your own",
  ),
  dialects: recordOf(
    {
      text: 'dialects for individual path prefixes, such as `{ "/v3beta": grpcGatewayV1 }`. The longest matching prefix applies. A prefix may be a whole path',
      expected: 'an object with dialects by path prefixes such as "/v3"',
    },
    dialectOption("the dialect under a prefix"),
    isDialectPrefix,
  ).or({}),
  bytes: BYTES,
  json: group<Groups["json"]>(GROUP_TEXTS.json, {
    unknownFields: oneOf(
      "what to do with JSON fields that the API does not have. The default is the value of the plugin option `unknown_fields`, which is `ignore` unless you set it",
      "ignore",
      "reject",
    ),
    unknownEnumNumbers: oneOf(
      "what to do with enum numbers that the enum does not define. The default is the value of the plugin option `unknown_enum_numbers`, which is `accept` unless you set it",
      "accept",
      "reject",
    ),
    unknownEnumNames: oneOf(
      "what to do with enum names that the enum does not define. An ignored value counts as absent. By default, `reject`",
      "ignore",
      "reject",
    ),
    maxDepth: count({ text: `how deep objects and arrays may be nested. By default, ${DEFAULT_MAX_DEPTH}`, from: 1 }),
    mapping: oneOf(
      "which version of grpc-gateway to follow where the versions read JSON differently. By default, that of the dialect, which is `v2` if you do not set one",
      "v1",
      "v2",
    ),
    trailingData: oneOf("what to do with data after the JSON. By default, `reject`", "ignore", "reject"),
  }),
  types: listOf(
    {
      text: "more message types that a `google.protobuf.Any` and the details of an error may hold, by their codecs. The types of `services`, the well-known types and google.rpc's error details are always known",
    },
    instance<MessageCodec>(
      { text: "", type: "MessageCodec", expected: "the codec of a message from generated code" },
      isMessageCodec,
    ),
  ).or([]),
  aliases: recordOf(
    {
      text: 'more path prefixes. `{ "/v3beta": "/v3" }` serves all routes of `/v3` under `/v3beta` as well',
      expected: 'an object such as { "/v3beta": "/v3" }',
    },
    text({ text: "a prefix", expected: 'a path prefix such as "/v3"', accepts: isPrefix }),
    isPrefix,
  ).or({}),
  roots: listOf(
    {
      text: "first segments of paths. If an unknown path starts with one of them, the gateway responds with 404. Other unknown paths go to the next handler. By default, the first segments of all routes, such as `v3`; `[]` for none",
    },
    text({ text: "", expected: 'a path segment such as "v3"', accepts: (segment) => /^[^/?#%\s]+$/.test(segment) }),
  ),
  idempotent: IDEMPOTENT_OPTION,
  forwardHeaders: FORWARD_HEADERS,
  metadata: METADATA,
  access: group<Groups["access"]>("what clients may call", {
    expose: listOf(
      {
        text: "what clients may call, by the full names of services and RPCs. Everything else gets 403. By default, clients may call everything",
      },
      RPC_NAME,
    ),
    unboundRpcs: UNBOUND_RPCS,
  }),
  limits: group(GROUP_TEXTS.limits, GATEWAY_LIMITS),
  timeouts: group(GROUP_TEXTS.timeouts, GATEWAY_TIMEOUTS),
  browsers: group(GROUP_TEXTS.browsers, BROWSER_GUARD_OPTIONS),
  streams: group(GROUP_TEXTS.streams, GATEWAY_STREAMS),
  responses: RESPONSES,
  onError: ON_ERROR,
  observers: OBSERVERS,
};

/** Whether a value looks like a `MessageCodec`. To import the class would load the whole JSON layer for `--help`. */
function isMessageCodec(given: unknown): boolean {
  return isObject(given) && hasMethods(given, "toJson") && "fieldOf" in given && "fields" in given;
}
