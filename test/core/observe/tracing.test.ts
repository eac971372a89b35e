import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, afterEach, before, describe, test } from "node:test";
import { createGateway, GatewayError, Status } from "@etcd-gateway/runtime";
import { callTracing } from "@etcd-gateway/runtime/tracing";
import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import { post, RawConnection } from "../../attacks/raw-connection.js";
import { startGateway } from "../../e2e/gateway.js";
import { startFaultServer } from "../../faults/fault-server.js";
import { listen } from "../../http/listen.js";
import { send } from "../../http/requests.js";
import { FakeTransport } from "../http/fake-transport.js";
import { note, notes } from "../http/notes.js";
import { HOSTS, serveNotes } from "../http/serve-notes.js";
import { CHANNELS } from "../transport/channels.js";
import { CallLog } from "./call-log.js";

const GET = "/v1/notes/get";
const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const PARENT_ID = "b7ad6b7169203331";
const TRACEPARENT = `00-${TRACE_ID}-${PARENT_ID}-01`;

test("without an SDK the client's traceparent goes on as it is", async (t) => {
  const { port, transport } = await serveNotes(t, { observers: [callTracing()] });
  const sent = send(port, GET, "{}", { headers: { traceparent: TRACEPARENT } });
  const call = await transport.nextUnary();
  assert.deepEqual(call.options.metadata, [["traceparent", TRACEPARENT]]);
  call.respond(note({}));
  await sent;
});

describe("with the SDK of OpenTelemetry", () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

  before(() => provider.register());
  afterEach(() => exporter.reset());
  after(async () => {
    await provider.shutdown();
    trace.disable();
    context.disable();
    propagation.disable();
  });

  /** The one span of a kind. */
  function span(kind: SpanKind): ReadableSpan {
    const spans = exporter.getFinishedSpans().filter((each) => each.kind === kind);
    assert.equal(spans.length, 1, String(spans.length));
    return spans[0] ?? assert.fail();
  }

  test("a span for the request, and one below it for the call, to which the trace goes on", async (t) => {
    const log = new CallLog();
    const { port, transport } = await serveNotes(t, { observers: [callTracing(), log] });
    const sent = send(port, GET, "{}", { headers: { traceparent: TRACEPARENT } });
    const call = await transport.nextUnary();
    call.options.progress?.onAttempt("http://etcd-1.example:2379");
    call.respond(note({}));
    await sent;
    await log.end(0);
    const server = span(SpanKind.SERVER);
    const client = span(SpanKind.CLIENT);
    assert.equal(server.name, `POST ${GET}`);
    assert.equal(server.spanContext().traceId, TRACE_ID);
    assert.equal(server.parentSpanContext?.spanId, PARENT_ID);
    const { "client.address": address, ...attributes } = server.attributes;
    assert.match(String(address), /127\.0\.0\.1$/);
    assert.deepEqual(attributes, {
      "http.request.method": "POST",
      "http.response.status_code": 200,
      "http.route": GET,
      "network.protocol.version": "1.1",
      "rpc.method": "test.Notes/Get",
      "rpc.response.status_code": "OK",
      "rpc.system.name": "grpc",
      "url.path": GET,
      "url.scheme": "http",
    });
    assert.equal(server.status.code, SpanStatusCode.UNSET);
    assert.equal(client.name, "test.Notes/Get");
    assert.equal(client.parentSpanContext?.spanId, server.spanContext().spanId);
    assert.deepEqual(client.attributes, {
      "rpc.method": "test.Notes/Get",
      "rpc.response.status_code": "OK",
      "rpc.system.name": "grpc",
      "server.address": "etcd-1.example",
      "server.port": 2379,
    });
    assert.deepEqual(call.options.metadata, [["traceparent", `00-${TRACE_ID}-${client.spanContext().spanId}-01`]]);
    const nanoseconds = ([seconds, rest]: ReadableSpan["duration"]): number => seconds * 1e9 + rest;
    assert.ok(nanoseconds(client.duration) > 0 && nanoseconds(client.duration) <= nanoseconds(server.duration));
    assert.ok(Math.abs(nanoseconds(server.startTime) / 1e6 - Date.now()) < 60_000);
  });

  test("errors: whose they are, and what is not told of them", async (t) => {
    const log = new CallLog();
    const { port, transport } = await serveNotes(t, { observers: [callTracing(), log] });
    let count = 0;
    const spansOf = async (error: GatewayError): Promise<readonly ReadableSpan[]> => {
      exporter.reset();
      const sent = send(port, GET, "{}");
      (await transport.nextUnary()).fail(error);
      await sent;
      await log.end(count++);
      return [span(SpanKind.SERVER), span(SpanKind.CLIENT)];
    };
    const [ours, theirs] = await spansOf(new GatewayError(Status.UNAVAILABLE, "gone"));
    assert.deepEqual(ours?.status, { code: SpanStatusCode.ERROR, message: "gone" });
    assert.equal(ours?.attributes["error.type"], "UNAVAILABLE");
    assert.equal(ours?.attributes["http.response.status_code"], 503);
    assert.deepEqual(theirs?.status, { code: SpanStatusCode.ERROR });
    const [request, call] = await spansOf(new GatewayError(Status.NOT_FOUND, "secret"));
    assert.equal(request?.status.code, SpanStatusCode.UNSET);
    assert.equal(request?.attributes["rpc.response.status_code"], "NOT_FOUND");
    assert.equal(call?.status.code, SpanStatusCode.ERROR);

    exporter.reset();
    await send(port, "/v1/secret?secret=1", "{}");
    await log.end(count++);
    const unknown = span(SpanKind.SERVER);
    assert.equal(unknown.name, "POST");
    assert.equal(unknown.attributes["etcd_gateway.rejected"], "not-found");
    assert.doesNotMatch(JSON.stringify([unknown.name, unknown.attributes, unknown.status]), /secret/);
    assert.equal(exporter.getFinishedSpans().length, 1);
  });

  for (const host of HOSTS) {
    test(`a span that is active in ${host} is the parent, and the request's is an internal one`, async (t) => {
      const log = new CallLog();
      const transport = new FakeTransport();
      const gateway = createGateway({ services: [notes], transport, observers: [callTracing(), log] });
      const { default: express } = host === "Express 4" ? await import("express4") : await import("express");
      const app = express();
      app.use(gateway.router);
      const tracer = trace.getTracer("test");
      const server = createServer((req, res) => {
        // As the instrumentation of HTTP does it.
        const parent = tracer.startSpan("parent", { kind: SpanKind.SERVER });
        context.with(trace.setSpan(context.active(), parent), () => {
          if (host === "node:http") gateway.router(req, res);
          else app(req, res);
        });
        res.on("close", () => parent.end());
      });
      const port = await listen(t, server);
      // Pipelined, so that the second and the third are served when those before them end.
      const connection = new RawConnection(port);
      await connection.send(post(GET, "{}") + post(GET, "{}") + post(GET, "{}"));
      for (let i = 1; i <= 3; i++) {
        (await transport.nextUnary()).respond(note({}));
        await connection.answers(i);
      }
      await log.end(2);
      await connection.leave();
      const parents = exporter.getFinishedSpans().filter(({ name }) => name === "parent");
      const requests = exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.INTERNAL);
      assert.deepEqual(
        requests.map(({ parentSpanContext }) => parentSpanContext?.spanId),
        parents.map((parent) => parent.spanContext().spanId),
      );
      assert.equal(new Set(parents.map((parent) => parent.spanContext().spanId)).size, 3);
    });
  }

  for (const channel of CHANNELS) {
    test(`etcd gets the span of the call, over ${channel}, for a stream too`, async (t) => {
      const server = await startFaultServer();
      server.handle("/etcdserverpb.KV/Range", (call) => call.answer(Buffer.alloc(0)));
      // 1 created, no header.
      server.handle("/etcdserverpb.Watch/Watch", (call) => {
        call.send(Buffer.from([0x18, 1]));
        call.end(0);
      });
      const log = new CallLog();
      const observers = [callTracing({ tracerProvider: provider }), log];
      const gateway = await startGateway({ channel, endpoints: [server.endpoint], observers });
      t.after(async () => {
        await gateway.close();
        await server.stop();
      });
      for (const [i, path] of ["kv/range", "watch"].entries()) {
        exporter.reset();
        const body = path === "watch" ? '{"create_request":{}}' : "{}";
        const answer = await fetch(`${gateway.url}/v3/${path}`, {
          method: "POST",
          body,
          headers: { traceparent: TRACEPARENT, tracestate: "a=b" },
        });
        await answer.text();
        await log.end(i);
        const client = span(SpanKind.CLIENT);
        const { headers } = server.calls.at(-1) ?? assert.fail();
        assert.equal(headers["traceparent"], `00-${TRACE_ID}-${client.spanContext().spanId}-01`);
        assert.equal(headers["tracestate"], "a=b");
        assert.equal(client.attributes["server.port"], server.port);
        assert.equal(client.attributes["server.address"], "127.0.0.1");
      }
    });
  }

  test("a client that leaves ends both spans", async (t) => {
    const log = new CallLog();
    const { port, transport } = await serveNotes(t, { observers: [callTracing(), log] });
    const connection = new RawConnection(port);
    await connection.send(post(GET, "{}"));
    await transport.nextUnary();
    await connection.leave();
    await log.end(0);
    assert.equal(span(SpanKind.SERVER).attributes["http.response.status_code"], 499);
    assert.equal(span(SpanKind.CLIENT).attributes["rpc.response.status_code"], "CANCELLED");
  });
});

test("a value that is not a tracer provider is rejected", () => {
  assert.throws(() => callTracing({ tracerProvider: {} as never }), /^TypeError: invalid tracerProvider \(an object\)/);
});
