import type { Histogram, Registry } from "prom-client";
import { statusName } from "../errors/status.js";
import type { Checked, OptionTable } from "../options/option.js";
import { readOptions } from "../options/option-group.js";
import { hasMethods, instance, text } from "../options/option-kinds.js";
import type { CallObserver, ObservedGateway } from "./call-observer.js";
import { type CallRecord, REJECTION_REASONS } from "./call-record.js";
import type { Growth } from "./growth.js";
import { MetricFactory } from "./metric-factory.js";

/** The options of {@link callMetrics}. */
export interface CallMetricsOptions {
  /**
   * The beginning of the names of all metrics.
   *
   * @defaultValue "etcd_gateway_"
   */
  readonly prefix?: string;
}

/** The table of the options of {@link callMetrics}. */
export const CALL_METRICS_OPTIONS: OptionTable<Checked<CallMetricsOptions>> = {
  prefix: text({
    text: "the beginning of the names of all metrics",
    expected: 'a prefix of metric names, such as "etcd_gateway_"',
    accepts: (prefix) => /^([a-zA-Z_:][a-zA-Z0-9_:]*)?$/.test(prefix),
  }).or("etcd_gateway_"),
};

const REGISTRY = instance<Registry>(
  { text: "where the metrics are", type: "Registry", expected: "a registry of prom-client" },
  (given) => hasMethods(given, "registerMetric", "metrics"),
).required();

/** The histogram buckets for what takes microseconds to seconds, in seconds. */
const CALL_BUCKETS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

/** The histogram buckets for what takes seconds to days, in seconds. */
const STREAM_BUCKETS = [0.1, 1, 10, 60, 600, 3_600, 21_600, 86_400];

/** The label of calls without a route. */
const NO_RPC = "none";

/** The HTTP methods that have a label of their own. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** The amounts that grow during a call. */
type CallAmounts = Pick<
  CallRecord,
  "requestMessages" | "requestBytes" | "responseMessages" | "responseBytes" | "resumptions"
>;

const NOTHING: CallAmounts = {
  requestMessages: 0,
  requestBytes: 0,
  responseMessages: 0,
  responseBytes: 0,
  resumptions: 0,
};

/** The metrics of the amounts. */
type AmountMetrics = Readonly<Record<keyof CallAmounts, Growth<"rpc">>>;

function amountMetrics(metrics: MetricFactory): AmountMetrics {
  return {
    resumptions: metrics.growth(
      "stream_resumptions_total",
      "How often streams were resumed over another connection.",
      "rpc",
    ),
    requestMessages: metrics.growth("request_messages_total", "Request messages that were read.", "rpc"),
    requestBytes: metrics.growth("request_bytes_total", "Bytes of request messages, as clients sent them.", "rpc"),
    responseMessages: metrics.growth("response_messages_total", "Response messages that were written.", "rpc"),
    responseBytes: metrics.growth("response_bytes_total", "Bytes of response messages, as clients got them.", "rpc"),
  };
}

/** The metrics of times. */
interface DurationMetrics {
  readonly unary: Histogram<"rpc">;
  readonly backend: Histogram<"rpc">;
  readonly stream: Histogram<"rpc">;
}

function durationMetrics(metrics: MetricFactory): DurationMetrics {
  return {
    unary: metrics.histogram("call_duration_seconds", "How long unary calls took.", CALL_BUCKETS),
    backend: metrics.histogram(
      "backend_duration_seconds",
      "How long the server took: for its response, or for the first message of a stream.",
      CALL_BUCKETS,
    ),
    stream: metrics.histogram("stream_duration_seconds", "How long streams and WebSockets were open.", STREAM_BUCKETS),
  };
}

/**
 * Adds the metrics of the calls that are under way.
 *
 * @param inFlight how many unary calls are under way, by RPC
 * @param streams the open streams and WebSockets
 */
function addLiveGauges(
  metrics: MetricFactory,
  inFlight: ReadonlyMap<string, number>,
  streams: ReadonlySet<CallRecord>,
): void {
  metrics.gauge("calls_in_flight", "Unary calls in progress.", ["rpc"], (gauge) => {
    for (const [rpc, calls] of inFlight) gauge.set({ rpc }, calls);
  });
  metrics.gauge(
    "streams_open",
    "Streams and WebSockets that are open, by RPC and the framing of their messages.",
    ["rpc", "framing"],
    (gauge) => {
      for (const { rpc = NO_RPC, framing } of streams) gauge.inc({ rpc, framing });
    },
  );
}

/** Adds the metrics of the endpoints. */
function addBackendGauges(metrics: MetricFactory, gateways: readonly ObservedGateway[]): void {
  metrics.gauge(
    "backend_connections",
    "Connections to each endpoint, by their state: ready, or not_ready.",
    ["endpoint", "state"],
    (gauge) => {
      for (const { endpoint, ready, notReady } of gateways.flatMap((gateway) => gateway.endpoints())) {
        gauge.inc({ endpoint, state: "ready" }, ready);
        gauge.inc({ endpoint, state: "not_ready" }, notReady);
      }
    },
  );
  metrics.gauge(
    "backend_calls_in_flight",
    "Calls in progress to each endpoint, including those of the gateway's own program.",
    ["endpoint"],
    (gauge) => {
      for (const { endpoint, calls } of gateways.flatMap((gateway) => gateway.endpoints())) {
        gauge.inc({ endpoint }, calls);
      }
    },
  );
}

/** Whether the client decides how long a call lasts. */
function isLasting({ isStream, protocol }: CallRecord): boolean {
  return isStream || protocol === "websocket";
}

/**
 * Counts with plain numbers during calls, and updates the metrics when they are read. Updating a counter of prom-client
 * takes as long as a considerable part of a call.
 */
class CallMetrics implements CallObserver {
  readonly #gateways: ObservedGateway[] = [];
  /** How many unary calls are under way, by RPC. */
  readonly #inFlight = new Map<string, number>();
  readonly #streams = new Set<CallRecord>();
  readonly #calls: Growth<"rpc" | "code">;
  readonly #responses: Growth<"method" | "status">;
  readonly #rejections: Growth<"reason">;
  readonly #amounts: AmountMetrics;
  readonly #durations: DurationMetrics;
  /** Whether the open streams have been counted for the metrics that are being read. */
  #areStreamsCounted = false;
  /** The amounts of the open streams that have already been counted. */
  readonly #counted = new WeakMap<CallRecord, CallAmounts>();

  constructor(registry: Registry, prefix: string) {
    const metrics = new MetricFactory(registry, prefix, () => this.#countStreams());
    this.#calls = metrics.growth("calls_total", "Calls that have ended, by RPC and gRPC code.", "rpc", "code");
    this.#responses = metrics.growth(
      "http_responses_total",
      "HTTP responses, by method and status.",
      "method",
      "status",
    );
    this.#rejections = metrics.growth(
      "rejections_total",
      "Calls that the gateway rejected before they reached the server, by reason.",
      "reason",
    );
    for (const reason of REJECTION_REASONS) this.#rejections.add(0, reason);
    this.#amounts = amountMetrics(metrics);
    this.#durations = durationMetrics(metrics);
    addLiveGauges(metrics, this.#inFlight, this.#streams);
    addBackendGauges(metrics, this.#gateways);
  }

  onGateway(gateway: ObservedGateway): void {
    this.#gateways.push(gateway);
  }

  onStart(call: CallRecord): void {
    if (isLasting(call)) this.#streams.add(call);
    else this.#countInFlight(call, 1);
  }

  onEnd(call: CallRecord): void {
    if (isLasting(call)) this.#streams.delete(call);
    else this.#countInFlight(call, -1);
    const { rpc = NO_RPC, code, httpMethod, httpStatus, rejected } = call;
    if (code !== undefined) this.#calls.add(1, rpc, statusName(code));
    this.#responses.add(1, METHODS.has(httpMethod) ? httpMethod : "other", String(httpStatus));
    if (rejected !== undefined) this.#rejections.add(1, rejected);
    if (call.rpc === undefined) return;
    this.#countAmounts(call);
    const seconds = call.duration / 1_000;
    const { stream, unary, backend } = this.#durations;
    (isLasting(call) ? stream : unary).observe({ rpc }, seconds);
    if (call.attempts > 0) backend.observe({ rpc }, call.backendDuration / 1_000);
  }

  #countInFlight({ rpc = NO_RPC }: CallRecord, change: number): void {
    this.#inFlight.set(rpc, (this.#inFlight.get(rpc) ?? 0) + change);
  }

  /**
   * Counts the messages of open streams, because streams may be open for days. A registry collects its metrics one after
   * the other: the first of them counts for all.
   */
  #countStreams(): void {
    if (this.#areStreamsCounted) return;
    this.#areStreamsCounted = true;
    queueMicrotask(() => {
      this.#areStreamsCounted = false;
    });
    for (const call of this.#streams) if (call.rpc !== undefined) this.#countAmounts(call);
  }

  /** Counts what a call has added since it was last counted. */
  #countAmounts(call: CallRecord): void {
    const { rpc = NO_RPC } = call;
    const before = this.#counted.get(call) ?? NOTHING;
    this.#amounts.requestMessages.add(call.requestMessages - before.requestMessages, rpc);
    this.#amounts.requestBytes.add(call.requestBytes - before.requestBytes, rpc);
    this.#amounts.responseMessages.add(call.responseMessages - before.responseMessages, rpc);
    this.#amounts.responseBytes.add(call.responseBytes - before.responseBytes, rpc);
    this.#amounts.resumptions.add(call.resumptions - before.resumptions, rpc);
    if (call.isOver) return;
    const { requestMessages, requestBytes, responseMessages, responseBytes, resumptions } = call;
    this.#counted.set(call, { requestMessages, requestBytes, responseMessages, responseBytes, resumptions });
  }
}

/**
 * Creates an observer that counts calls in a registry of prom-client. You can pass one observer to several gateways.
 * For a second observer in the same registry, choose another prefix.
 *
 * ```ts
 * const registry = new Registry();
 * const gateway = etcdGateway({ endpoints, observers: [callMetrics(registry)] });
 * ```
 *
 * Labels have a limited number of values: the names of the API's RPCs, codes, and the endpoints in the options.
 *
 * @throws TypeError if the registry or an option cannot be used
 * @throws Error if the registry already has metrics with these names
 */
export function callMetrics(registry: Registry, options: CallMetricsOptions = {}): CallObserver {
  REGISTRY.readArgument(registry, "registry");
  const { prefix } = readOptions(CALL_METRICS_OPTIONS, options, "callMetrics");
  return new CallMetrics(registry, prefix);
}
