import type { IncomingMessage, ServerResponse } from "node:http";
import type { CallTimeouts } from "../call/call-timeouts.js";
import type { InterceptorOfAll, Interceptors } from "../call/intercept/interceptor.js";
import type { MetadataSource } from "../call/metadata/metadata-source.js";
import type { Service } from "../call/rpc.js";
import type { GatewayError } from "../errors/gateway-error.js";
import type { Dialect } from "../http/dialect.js";
import type { BrowserGuardOptions } from "../http/guard/browser-guard-options.js";
import type { SuccessHook } from "../http/response/response-heads.js";
import type { BytesForm } from "../json/bytes-form.js";
import type { MessageCodec } from "../json/codec.js";
import type { JsonReadOptions } from "../json/read/json-read-options.js";
import type { CallObserver } from "../observe/call-observer.js";
import type { NumberEvents } from "../session/stream-events.js";
import type { ErrorHook } from "../transcode/error-hook.js";
import type { HeaderName } from "../transcode/headers/metadata-headers.js";
import type { Transport } from "../transport/transport.js";

/** The services of a gateway: an object by name, as generated code exports all of them, or a list of some. */
export type GatewayServices = Readonly<Record<string, Service>> | readonly Service[];

/** What clients may call. */
export interface GatewayAccess {
  /**
   * What clients may call, by the full names of services and RPCs. Everything else gets 403. By default, clients may
   * call everything.
   */
  readonly expose?: readonly string[];
  /**
   * Also serve RPCs that have no HTTP rule, at their gRPC path and with the request message as the body, such as
   * `POST /etcdserverpb.KV/RangeStream` of etcd 3.7.
   *
   * @defaultValue false
   */
  readonly unboundRpcs?: boolean;
}

/** How much a gateway accepts. */
export interface GatewayLimits {
  /**
   * The largest request body, and the largest message in a request stream. Larger ones get 413. By default, etcd reads
   * gRPC messages of up to 2 MiB, and accepts requests of up to 1.5 MiB; the default is enough for both in base64.
   *
   * @defaultValue 3145728 bytes
   */
  readonly maxBody?: number;
  /**
   * How many unary requests may be in progress at once. Excess requests get 503 with `Retry-After`. If 128 requests or
   * more have kept the event loop busy for half a second, further ones also get 503. See docs/failures.md.
   *
   * @defaultValue 1000
   */
  readonly maxInFlight?: number;
  /**
   * How many streams, WebSockets and calls without a time limit (such as lock) may be open at once, all taken together.
   * Excess requests get 503 with `Retry-After`.
   *
   * @defaultValue 10000
   */
  readonly maxStreams?: number;
  /**
   * How much data, beyond the current message, may still arrive for a client that has stopped reading its stream. If
   * more arrives, the stream ends with an error. This happens only if the server ignores flow control.
   *
   * @defaultValue 4194304 bytes
   */
  readonly streamBuffer?: number;
  /**
   * How much data of incomplete requests the gateway holds, for all clients together: bodies, and messages of request
   * streams, that have not arrived in full, and messages that wait because the server does not accept them. Above the
   * limit, the request that began first gets 503 with `Retry-After`. Requests of which up to 64 KiB are in memory are
   * not counted. A single request may exceed the limit.
   *
   * @defaultValue 268435456 bytes
   */
  readonly maxIncomplete?: number;
  /**
   * How much response data the gateway holds, for all clients together: data that clients have not read, and messages
   * of 64 KiB and more that are arriving from the server. Above the limit, further such messages wait at the server,
   * and the gateway disconnects the client that has read nothing for the longest time. While such messages wait, it
   * does so from half of the limit. A single message may exceed the limit.
   *
   * @defaultValue 268435456 bytes
   */
  readonly maxUnread?: number;
}

/** How long a gateway waits, in milliseconds. */
export interface GatewayTimeouts extends CallTimeouts {
  /**
   * How long the body of a unary request, or the first message of a stream, may take to arrive.
   *
   * @defaultValue 30000 milliseconds
   */
  readonly body?: number;
  /**
   * How long a client may read nothing, although data waits for it, before the gateway disconnects it; 0 for no limit.
   * A client that reads slowly is not disconnected.
   *
   * @defaultValue 30000 milliseconds
   */
  readonly stall?: number;
}

/** How streams are served. */
export interface GatewayStreams {
  /**
   * Also serve streams over `GET`, with the fields of the request in the query, to clients that accept
   * `text/event-stream`. A browser's `EventSource` can send only `GET`. See docs/http.md.
   *
   * @defaultValue false
   */
  readonly eventSource?: boolean;
  /**
   * How long a stream of server-sent events may be silent before the gateway sends a comment as a heartbeat; 0 for no
   * heartbeats. See docs/http.md.
   *
   * @defaultValue 15000 milliseconds
   */
  readonly heartbeatInterval?: number;
  /**
   * Functions that give ids to the messages of streams, by the full names of RPCs. With such ids, a client of
   * server-sent events that reconnects with `Last-Event-ID` continues where it was.
   *
   * @defaultValue {}
   */
  readonly events?: Readonly<Record<string, NumberEvents>>;
}

/**
 * Functions that change responses. They are called while a request is being served, so they must be fast. Except for
 * `unknownRoute`, they must not return promises. If one throws, only that request is affected.
 *
 * @typeParam Req the type of requests: Express's `Request` in an Express app
 */
export interface GatewayResponses<Req extends IncomingMessage = IncomingMessage> {
  /**
   * Returns the status, headers and body of an error, or `undefined` to keep the gateway's own. On a WebSocket, and in
   * a stream that has begun, only the body is used; in a stream, it becomes the member `error`. If the function throws,
   * the process emits a warning, and the gateway sends its own response.
   */
  readonly error?: ErrorHook<Req>;
  /**
   * Returns the status and headers of a response with a message, from the RPC, the call's metadata and the message. For
   * a stream, it is called once, with the first message. It is not called for WebSockets.
   */
  readonly success?: SuccessHook<Req>;
  /**
   * Returns the header name for a key of the call's response headers, instead of `Grpc-Metadata-<Key>`, or `undefined`
   * to leave the header out.
   */
  readonly headerName?: HeaderName;
  /**
   * Does the same for the call's trailers, instead of `Grpc-Trailer-<Key>`. Clients that send `TE: trailers` get them.
   */
  readonly trailerName?: HeaderName;
  /**
   * Responds to requests without a route, instead of the gateway. The `httpStatus` of the error is what the gateway
   * would send: 404, 405 or, for a malformed path, 400. The `headers` of a 405 have `Allow`. The parameters are those
   * of an Express error handler: `next` passes the request to the handler after the gateway, if there is one. If the
   * function throws or rejects, the gateway responds.
   */
  unknownRoute?(error: GatewayError, req: Req, res: ServerResponse, next: (error?: unknown) => void): unknown;
}

/**
 * The options of a gateway.
 *
 * @typeParam Services the services, which determine the types of the interceptors
 * @typeParam Req the type of requests for interceptors: Express's `Request` in an Express app
 */
export interface GatewayOptions<
  Services extends GatewayServices = GatewayServices,
  Req extends IncomingMessage = IncomingMessage,
> {
  /** The services, as the generated code exports them: all of them as `services`, or some as a list. */
  readonly services: Services;
  /** Makes the calls, such as `grpcTransport({ endpoints })`. When the gateway closes, it closes the transport. */
  readonly transport: Transport;
  /**
   * Functions that run before RPCs, by service and RPC. They can read, change and reject messages. Those under `*` run
   * before all RPCs, or all of a service, and see no messages. See docs/interceptors.md.
   *
   * @defaultValue {}
   */
  readonly interceptors?: NoInfer<Services> extends Readonly<Record<string, Service>>
    ? Interceptors<NoInfer<Services>, Req>
    : InterceptorOfAll<Req>;
  /**
   * How errors are written and request JSON is read: `grpcGatewayV1`, `grpcGatewayV2` (the default) or one of your own.
   */
  readonly dialect?: Dialect;
  /**
   * Dialects for individual path prefixes, such as `{ "/v3beta": grpcGatewayV1 }`. The longest matching prefix applies.
   * A prefix may be a whole path.
   *
   * @defaultValue {}
   */
  readonly dialects?: Readonly<Record<string, Dialect>>;
  /**
   * The JSON form of bytes, such as keys and values, unless a request chooses another with `?bytes=` or `; bytes=`.
   * `base64`: as in etcd. `text`: strings, and `{"base64": "..."}` for bytes that are not valid UTF-8. See
   * docs/http.md.
   *
   * @defaultValue "base64"
   */
  readonly bytes?: BytesForm;
  /** How the JSON of requests is read. */
  readonly json?: Omit<JsonReadOptions, "bytes" | "types">;
  /**
   * More message types that a `google.protobuf.Any` and the details of an error may hold, by their codecs. The types of
   * `services`, the well-known types and google.rpc's error details are always known.
   *
   * @defaultValue []
   */
  readonly types?: readonly MessageCodec[];
  /**
   * More path prefixes. `{ "/v3beta": "/v3" }` serves all routes of `/v3` under `/v3beta` as well.
   *
   * @defaultValue {}
   */
  readonly aliases?: Readonly<Record<string, string>>;
  /**
   * First segments of paths. If an unknown path starts with one of them, the gateway responds with 404. Other unknown
   * paths go to the next handler. By default, the first segments of all routes, such as `v3`; `[]` for none.
   */
  readonly roots?: readonly string[];
  /**
   * Full names of RPCs that change nothing. If a connection breaks, their calls may be sent again.
   *
   * @defaultValue []
   */
  readonly idempotent?: readonly string[];
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
  /** What clients may call. */
  readonly access?: GatewayAccess;
  /** How much the gateway accepts. */
  readonly limits?: GatewayLimits;
  /** How long the gateway waits. */
  readonly timeouts?: GatewayTimeouts;
  /** Which web pages may use the gateway. */
  readonly browsers?: BrowserGuardOptions;
  /** How streams are served. */
  readonly streams?: GatewayStreams;
  /** Functions that change responses. See docs/responses.md. */
  readonly responses?: GatewayResponses<Req>;
  /**
   * Called with every error that the gateway sends, for logs. `error.cause` holds details that clients do not see. It
   * is also called for responses with messages that the gateway cannot decode and writes as bytes. If it throws, the
   * process emits a warning, and the client still gets its response.
   */
  readonly onError?: (error: GatewayError, req: IncomingMessage) => void;
  /**
   * Objects with functions that are called at the start and the end of every call, for logs, metrics and traces. If
   * there is neither an observer nor a subscriber to the diagnostics channels `etcd-gateway:call:start` and
   * `etcd-gateway:call:end`, the gateway makes no records. See docs/observability.md.
   *
   * @defaultValue []
   */
  readonly observers?: readonly CallObserver[];
}
