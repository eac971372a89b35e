import { test } from "node:test";
import { accessLog, type CallLogger, type CallObserver } from "@etcd-gateway/runtime";
import { callMetrics } from "@etcd-gateway/runtime/metrics";
import { callTracing } from "@etcd-gateway/runtime/tracing";
import { trace } from "@opentelemetry/api";
import pino from "pino";
import { Registry } from "prom-client";

declare const logger: CallLogger;

/** Never called: what counts is whether it compiles. */
function observers(): readonly CallObserver[] {
  const registry = new Registry();
  // @ts-expect-error: the registry is needed
  callMetrics();
  // @ts-expect-error: the registry itself
  callMetrics({ registry });
  // @ts-expect-error: no such option
  callMetrics(registry, { prefx: "books_" });
  // @ts-expect-error: a string
  callMetrics(registry, { prefix: /books_/ });

  // @ts-expect-error: no such option
  callTracing({ traceProvider: trace.getTracerProvider() });
  // @ts-expect-error: a provider, not a tracer
  callTracing({ tracerProvider: trace.getTracer("a") });
  // @ts-expect-error: undefined is no value, with exactOptionalPropertyTypes
  callTracing({ tracerProvider: undefined });

  // @ts-expect-error: the logger is needed
  accessLog();
  // @ts-expect-error: a logger, not a function that logs
  accessLog(() => undefined);
  // @ts-expect-error: a logger has errors, too
  accessLog({ info: () => undefined, warn: () => undefined });
  // @ts-expect-error: a level is enabled or not
  accessLog({ ...logger, isLevelEnabled: () => "info" });
  // @ts-expect-error: there are no options
  accessLog(logger, { level: "info" });

  return [
    callMetrics(registry),
    callMetrics(registry, { prefix: "books_" }),
    callTracing(),
    callTracing({ tracerProvider: trace.getTracerProvider() }),
    accessLog(logger),
    accessLog(console),
    accessLog(pino()),
  ];
}

/** Never called: what counts is whether it compiles. */
function hooks(): readonly CallObserver[] {
  return [
    {
      onGateway: (gateway) => void gateway.endpoints().map(({ endpoint, ready }) => [endpoint.length, ready + 1]),
      onStart: ({ rpc, isStream }, req) => void [rpc?.length, isStream, req.url],
      onBackendCall: (_call, _req, metadata) => [...metadata, ["x-tenant", "a"]],
      onEnd: async ({ code, duration }) => void [code, duration + 1],
    },
    { onBackendCall: () => undefined },
    // @ts-expect-error: no such hook
    { onFinish: () => undefined },
    // @ts-expect-error: no such hook, beside one that is
    { onStart: () => undefined, onended: () => undefined },
    // @ts-expect-error: a function
    { onEnd: true },
    // @ts-expect-error: a list of entries, not an object
    { onBackendCall: () => ({ "x-tenant": "a" }) },
    // @ts-expect-error: the call waits for no promise
    { onBackendCall: async () => [] },
    // @ts-expect-error: no such fact in the record
    { onEnd: (call) => void call.status },
    {
      onEnd(call) {
        // @ts-expect-error: observers do not change the record
        call.attempts = 1;
      },
    },
  ];
}

// A wrong type fails the type check, and so does an expected error that is none.
test("observers and their options have exact types", () => void [observers, hooks]);
