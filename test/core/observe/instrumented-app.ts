// An Express app with a gateway that traces, under OpenTelemetry's instrumentations of HTTP and Express. It sends
// itself one request, and prints the resulting spans.
import type { Server } from "node:http";
import { createRequire } from "node:module";
import { createGateway } from "@etcd-gateway/runtime";
import { callTracing } from "@etcd-gateway/runtime/tracing";
import { ExpressInstrumentation } from "@opentelemetry/instrumentation-express";
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { FakeTransport } from "../http/fake-transport.js";
import { note, notes } from "../http/notes.js";
import { CallLog } from "./call-log.js";

const exporter = new InMemorySpanExporter();
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
new HttpInstrumentation();
new ExpressInstrumentation();
// The instrumentations patch modules that are loaded by require(), and not those that were imported before.
const require = createRequire(import.meta.url);
require("node:http");
const express: typeof import("express") = require("express");

const transport = new FakeTransport();
const log = new CallLog();
const gateway = createGateway({ services: { notes }, transport, observers: [callTracing(), log] });
const app = express();
app.use("/api", gateway.router);
const server: Server = await new Promise((resolve) => {
  const listening = app.listen(0, "127.0.0.1", () => resolve(listening));
});
const address = server.address();
const port = typeof address === "object" ? address?.port : undefined;
const [, , traceparent = ""] = process.argv;
const asking = fetch(`http://127.0.0.1:${port}/api/v1/notes/get`, {
  method: "POST",
  body: "{}",
  headers: { traceparent, Connection: "close" },
});
const call = await transport.nextUnary();
call.respond(note({}));
await (await asking).text();
await log.end(0);
await new Promise((resolve) => server.close(resolve));
const spans = exporter.getFinishedSpans().map((span) => {
  const { spanId, traceId } = span.spanContext();
  return { name: span.name, kind: span.kind, parent: span.parentSpanContext?.spanId, spanId, traceId };
});
process.stdout.write(JSON.stringify({ spans, sent: call.options.metadata }));
