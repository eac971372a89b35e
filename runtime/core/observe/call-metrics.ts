import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { statusName } from "../errors/status.js";
import type { Checked, OptionTable } from "../options/option.js";
import { readOptions } from "../options/option-group.js";
import { hasMethods, instance, text } from "../options/option-kinds.js";
import type { CallObserver, ObservedGateway } from "./call-observer.js";
import { type CallRecord, REJECTION_REASONS } from "./call-record.js";
import { Growth } from "./growth.js";

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
  readonly #resumptions: Growth<"rpc">;
  readonly #requestMessages: Growth<"rpc">;
  readonly #requestBytes: Growth<"rpc">;
  readonly #responseMessages: Growth<"rpc">;
  readonly #responseBytes: Growth<"rpc">;
  readonly #callDuration: Histogram<"rpc">;
  readonly #backendDuration: Histogram<"rpc">;
  readonly #streamDuration: Histogram<"rpc">;
  /** The amounts of the open streams that have already been counted. */
  readonly #counted = new WeakMap<CallRecord, CallAmounts>();

  constructor(registry: Registry, prefix: string) {
    const registers = [registry];
    const collect = (): void => this.#countStreams();
    const growth = <Label extends string>(
      name: string,
      help: string,
      ...labelNames: readonly Label[]
    ): Growth<Label> => {
      const count: Growth<Label> = new Growth(
        labelNames,
        new Counter({
          name: prefix + name,
          help,
          labelNames,
          registers,
          collect: () => {
            collect();
            count.flush();
          },
        }),
      );
      return count;
    };
    const histogram = (name: string, help: string, buckets: number[]): Histogram<"rpc"> =>
      new Histogram({ name: prefix + name, help, buckets, labelNames: ["rpc"], registers });

    this.#calls = growth("calls_total", "Calls that have ended, by RPC and gRPC code.", "rpc", "code");
    this.#responses = growth("http_responses_total", "HTTP responses, by method and status.", "method", "status");
    this.#rejections = growth(
      "rejections_total",
      "Calls that the gateway rejected before they reached the server, by reason.",
      "reason",
    );
    for (const reason of REJECTION_REASONS) this.#rejections.add(0, reason);
    this.#resumptions = growth(
      "stream_resumptions_total",
      "How often streams were resumed over another connection.",
      "rpc",
    );
    this.#requestMessages = growth("request_messages_total", "Request messages that were read.", "rpc");
    this.#requestBytes = growth("request_bytes_total", "Bytes of request messages, as clients sent them.", "rpc");
    this.#responseMessages = growth("response_messages_total", "Response messages that were written.", "rpc");
    this.#responseBytes = growth("response_bytes_total", "Bytes of response messages, as clients got them.", "rpc");
    this.#callDuration = histogram("call_duration_seconds", "How long unary calls took.", CALL_BUCKETS);
    this.#backendDuration = histogram(
      "backend_duration_seconds",
      "How long the server took: for its response, or for the first message of a stream.",
      CALL_BUCKETS,
    );
    this.#streamDuration = histogram(
      "stream_duration_seconds",
      "How long streams and WebSockets were open.",
      STREAM_BUCKETS,
    );
    this.#gauges(prefix, registers);
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
    if (isLasting(call)) this.#streamDuration.observe({ rpc }, seconds);
    else this.#callDuration.observe({ rpc }, seconds);
    if (call.attempts > 0) this.#backendDuration.observe({ rpc }, call.backendDuration / 1_000);
  }

  #countInFlight({ rpc = NO_RPC }: CallRecord, change: number): void {
    this.#inFlight.set(rpc, (this.#inFlight.get(rpc) ?? 0) + change);
  }

  #gauges(prefix: string, registers: Registry[]): void {
    const inFlight = this.#inFlight;
    const streams = this.#streams;
    const gateways = this.#gateways;
    new Gauge({
      name: `${prefix}calls_in_flight`,
      help: "Unary calls in progress.",
      labelNames: ["rpc"],
      registers,
      collect() {
        for (const [rpc, calls] of inFlight) this.set({ rpc }, calls);
      },
    });
    new Gauge({
      name: `${prefix}streams_open`,
      help: "Streams and WebSockets that are open, by RPC and the framing of their messages.",
      labelNames: ["rpc", "framing"],
      registers,
      collect() {
        this.reset();
        for (const { rpc = NO_RPC, framing } of streams) this.inc({ rpc, framing });
      },
    });
    new Gauge({
      name: `${prefix}backend_connections`,
      help: "Connections to each endpoint, by their state: ready, or not_ready.",
      labelNames: ["endpoint", "state"],
      registers,
      collect() {
        this.reset();
        for (const { endpoint, ready, notReady } of gateways.flatMap((gateway) => gateway.endpoints())) {
          this.inc({ endpoint, state: "ready" }, ready);
          this.inc({ endpoint, state: "not_ready" }, notReady);
        }
      },
    });
    new Gauge({
      name: `${prefix}backend_calls_in_flight`,
      help: "Calls in progress to each endpoint, including those of the gateway's own program.",
      labelNames: ["endpoint"],
      registers,
      collect() {
        this.reset();
        for (const { endpoint, calls } of gateways.flatMap((gateway) => gateway.endpoints())) {
          this.inc({ endpoint }, calls);
        }
      },
    });
  }

  /** Counts the messages of open streams, because streams may be open for days. */
  #countStreams(): void {
    for (const call of this.#streams) if (call.rpc !== undefined) this.#countAmounts(call);
  }

  /** Counts what a call has added since it was last counted. */
  #countAmounts(call: CallRecord): void {
    const { rpc = NO_RPC } = call;
    const before = this.#counted.get(call) ?? NOTHING;
    this.#requestMessages.add(call.requestMessages - before.requestMessages, rpc);
    this.#requestBytes.add(call.requestBytes - before.requestBytes, rpc);
    this.#responseMessages.add(call.responseMessages - before.responseMessages, rpc);
    this.#responseBytes.add(call.responseBytes - before.responseBytes, rpc);
    this.#resumptions.add(call.resumptions - before.resumptions, rpc);
    if (call.isOver) return;
    const { requestMessages, requestBytes, responseMessages, responseBytes, resumptions } = call;
    this.#counted.set(call, { requestMessages, requestBytes, responseMessages, responseBytes, resumptions });
  }
}

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

/** Whether the client decides how long a call lasts. */
function isLasting({ isStream, face }: CallRecord): boolean {
  return isStream || face === "websocket";
}
