import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { Status, type StatusCode, statusName } from "../errors/status.js";
import type { Checked, OptionTable } from "../options/option.js";
import { readOptions } from "../options/option-group.js";
import { hasMethods, instance } from "../options/option-kinds.js";
import type { Metadata } from "../transport/transport.js";
import type { CallObserver } from "./call-observer.js";
import type { CallRecord } from "./call-record.js";

/** The options of {@link callTracing}. */
export interface CallTracingOptions {
  /** Creates the spans. By default it is OpenTelemetry's global provider, even if that is set later. */
  readonly tracerProvider?: TracerProvider;
}

/** The table of the options of {@link callTracing}. */
export const CALL_TRACING_OPTIONS: OptionTable<Checked<CallTracingOptions, "tracerProvider">> = {
  tracerProvider: instance<TracerProvider>(
    {
      text: "creates the spans. By default it is OpenTelemetry's global provider, even if that is set later",
      type: "TracerProvider",
      expected: "a tracer provider of OpenTelemetry",
    },
    (given) => hasMethods(given, "getTracer"),
  ),
};

const TRACER = "etcd-gateway";

/** The methods that the HTTP conventions know. All others have one common value. */
const METHODS: ReadonlySet<string> = new Set([
  ...["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"],
]);

/** The codes that the gRPC conventions treat as errors of the server. */
const SERVER_FAULTS: ReadonlySet<StatusCode> = new Set([
  Status.UNKNOWN,
  Status.DEADLINE_EXCEEDED,
  Status.UNIMPLEMENTED,
  Status.INTERNAL,
  Status.UNAVAILABLE,
  Status.DATA_LOSS,
]);

/**
 * Creates an observer that traces calls with OpenTelemetry. A request has a span, and the call to the server has a span
 * below it. The server gets the trace context as metadata. Spans, attributes and status follow the semantic conventions
 * for HTTP and RPC.
 *
 * If a span is active, such as that of an instrumentation of HTTP or Express, it is the parent, and the request's span
 * is internal. Otherwise the request's headers determine the parent.
 *
 * ```ts
 * const gateway = etcdGateway({ endpoints, observers: [callTracing()] });
 * ```
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 * @see https://opentelemetry.io/docs/specs/semconv/rpc/grpc/
 * @throws TypeError if an option cannot be used
 */
export function callTracing(options: CallTracingOptions = {}): CallObserver {
  const { tracerProvider } = readOptions(CALL_TRACING_OPTIONS, options, "callTracing");
  return new CallTracing(() => (tracerProvider ?? trace.getTracerProvider()).getTracer(TRACER));
}

/** The spans of a call. */
interface Spans {
  readonly request: Span;
  /** The context of the request's span. */
  readonly context: Context;
  backend?: BackendSpan;
}

/** The span of a call to a server. */
interface BackendSpan {
  readonly span: Span;
  /** When it began, in milliseconds since the epoch. */
  readonly start: number;
  /** How long the call had already waited for a server, in milliseconds. */
  readonly waitedBefore: number;
}

class CallTracing implements CallObserver {
  readonly #tracer: () => Tracer;
  readonly #spans = new WeakMap<CallRecord, Spans>();

  constructor(tracer: () => Tracer) {
    this.#tracer = tracer;
  }

  onStart(call: CallRecord, req: IncomingMessage): void {
    const active = context.active();
    const isInside = isSpanContextValid(trace.getSpanContext(active) ?? NO_SPAN);
    const parent = isInside ? active : propagation.extract(active, req.headers);
    const method = METHODS.has(call.httpMethod) ? call.httpMethod : "HTTP";
    const request = this.#tracer().startSpan(
      call.template === undefined ? method : `${method} ${call.template}`,
      {
        kind: isInside ? SpanKind.INTERNAL : SpanKind.SERVER,
        startTime: call.startTime,
        attributes: requestAttributes(call, req),
      },
      parent,
    );
    this.#spans.set(call, { request, context: trace.setSpan(parent, request) });
  }

  onBackendCall(call: CallRecord, _req: IncomingMessage, metadata: Metadata): Metadata | undefined {
    const spans = this.#spans.get(call);
    if (spans === undefined) return undefined;
    this.#endBackend(call, spans);
    const method = rpcMethodOf(call);
    const start = call.startTime + call.duration;
    const span = this.#tracer().startSpan(
      method,
      { kind: SpanKind.CLIENT, startTime: start, attributes: rpcAttributes(method) },
      spans.context,
    );
    spans.backend = { span, start, waitedBefore: call.backendDuration };
    const carrier: Record<string, string> = {};
    propagation.inject(trace.setSpan(spans.context, span), carrier);
    const keys = new Set(Object.keys(carrier).map((key) => key.toLowerCase()));
    if (keys.size === 0) return undefined;
    const entries = Object.entries(carrier).map(([key, value]): Metadata[number] => [key.toLowerCase(), value]);
    return [...metadata.filter(([key]) => !keys.has(key)), ...entries];
  }

  onEnd(call: CallRecord): void {
    const spans = this.#spans.get(call);
    if (spans === undefined) return;
    this.#endBackend(call, spans);
    const { request } = spans;
    const { code = Status.UNKNOWN, httpStatus, error } = call;
    if (httpStatus !== undefined) request.setAttribute("http.response.status_code", httpStatus);
    if (call.rpc !== undefined) request.setAttribute("rpc.response.status_code", statusName(code));
    if (call.rejected !== undefined) request.setAttribute("etcd_gateway.rejected", call.rejected);
    const isFault = error !== undefined && error.httpStatus >= 500;
    if (isFault || SERVER_FAULTS.has(code)) {
      request.setAttribute("error.type", statusName(code));
      request.setStatus({ code: SpanStatusCode.ERROR, ...(isFault && { message: error.message }) });
    }
    request.end(call.startTime + call.duration);
  }

  /** Ends the span of the call to the server. For a stream, its end is the end of the client's call. */
  #endBackend(call: CallRecord, spans: Spans): void {
    const { backend } = spans;
    if (backend === undefined) return;
    delete spans.backend;
    const { span, start, waitedBefore } = backend;
    span.setAttributes(serverAttributes(call.endpoint));
    const { code } = call;
    // If another call follows, an interceptor of the app received the response to this one. Its code is not known here.
    if (code !== undefined) {
      span.setAttribute("rpc.response.status_code", statusName(code));
      if (code !== Status.OK) {
        span.setAttribute("error.type", statusName(code));
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
    }
    const end = call.isStream ? call.startTime + call.duration : start + call.backendDuration - waitedBefore;
    span.end(end);
  }
}

const NO_SPAN = { traceId: "", spanId: "", traceFlags: 0 };

function requestAttributes(call: CallRecord, req: IncomingMessage): Attributes {
  const { template, rpc, clientAddress, httpMethod } = call;
  const isKnown = METHODS.has(httpMethod);
  return {
    "http.request.method": isKnown ? httpMethod : "_OTHER",
    ...(!isKnown && { "http.request.method_original": httpMethod }),
    "url.scheme": req.socket instanceof TLSSocket ? "https" : "http",
    "network.protocol.version": req.httpVersion,
    ...(template !== undefined && { "http.route": template }),
    // A path with variables contains client data.
    ...(template !== undefined && !/[{*]/.test(template) && { "url.path": template }),
    ...(clientAddress !== undefined && { "client.address": clientAddress }),
    ...(rpc !== undefined && rpcAttributes(rpcMethodOf(call))),
  };
}

function rpcAttributes(method: string): Attributes {
  return { "rpc.system.name": "grpc", "rpc.method": method };
}

/** Returns the name of a method in gRPC's form: `etcdserverpb.KV/Range`. */
function rpcMethodOf({ rpc = "_OTHER" }: CallRecord): string {
  return rpc.replace(/\.(?=[^.]*$)/, "/");
}

/** Returns the address of an endpoint: `host:port`, perhaps with a scheme, or the path of a socket. */
function serverAttributes(endpoint: string | undefined): Attributes {
  if (endpoint === undefined) return {};
  const unix = /^unix:(?:\/\/)?(.*)$/.exec(endpoint)?.[1];
  if (unix !== undefined) return { "server.address": unix };
  const [, host, port] = /^(?:[a-z]+:\/\/)?\[?([^\]/]*?)\]?:(\d+)\/?$/i.exec(endpoint) ?? [];
  return host === undefined ? { "server.address": endpoint } : { "server.address": host, "server.port": Number(port) };
}
