import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { callMetrics } from "../../../runtime/core/observe/call-metrics.js";
import { startGateway } from "../../e2e/gateway.js";
import { startFaultServer } from "../../faults/fault-server.js";
import { open, response, send } from "../../http/requests.js";
import { note } from "../http/notes.js";
import { serveNotes } from "../http/serve-notes.js";
import { CHANNELS } from "../transport/channels.js";
import { CallLog } from "./call-log.js";

const GET = "/v1/notes/get";
const LIST = "/v1/notes/list";

/** The samples of a registry, by their names with labels as Prometheus has them. */
async function samples(registry: Registry): Promise<ReadonlyMap<string, number>> {
  const lines = (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line): [string, number] => {
      const end = line.lastIndexOf(" ");
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

test("calls are counted by RPC, code, method, status and reason", async (t) => {
  const registry = new Registry();
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [callMetrics(registry, { prefix: "a_" }), log] });
  const call = async (end: (call: Awaited<ReturnType<typeof transport.nextUnary>>) => void): Promise<void> => {
    const sent = send(port, GET, '{"text":"a"}');
    const unary = await transport.nextUnary();
    unary.options.progress?.onAttempt("e:1");
    end(unary);
    await sent;
  };
  await call((unary) => unary.respond(note({ text: "abc" })));
  await call((unary) => unary.respond(note({ text: "abc" })));
  await call((unary) => unary.fail(new GatewayError(Status.NOT_FOUND, "none")));
  for (let i = 0; i < 50; i++) await send(port, `/v1/unknown/${i}`, "{}");
  await send(port, GET, "", { method: "PROPFIND" });
  await log.end(53);
  const values = await samples(registry);
  for (const [name, value] of Object.entries({
    'a_calls_total{rpc="test.Notes.Get",code="OK"}': 2,
    'a_calls_total{rpc="test.Notes.Get",code="NOT_FOUND"}': 1,
    'a_calls_total{rpc="none",code="NOT_FOUND"}': 50,
    'a_http_responses_total{method="POST",status="200"}': 2,
    'a_http_responses_total{method="other",status="405"}': 1,
    'a_rejections_total{reason="not-found"}': 50,
    'a_rejections_total{reason="method-not-allowed"}': 1,
    'a_rejections_total{reason="overload"}': 0,
    'a_request_messages_total{rpc="test.Notes.Get"}': 3,
    'a_request_bytes_total{rpc="test.Notes.Get"}': 36,
    'a_response_messages_total{rpc="test.Notes.Get"}': 2,
    'a_response_bytes_total{rpc="test.Notes.Get"}': 28,
    'a_call_duration_seconds_count{rpc="test.Notes.Get"}': 3,
    'a_backend_duration_seconds_count{rpc="test.Notes.Get"}': 3,
  })) {
    assert.equal(values.get(name), value, name);
  }
  // Asking changes nothing, and what clients make up has no labels of its own.
  assert.deepEqual(await samples(registry), values);
  assert.ok([...values.keys()].every((name) => !name.includes("unknown")));
});

test("the open streams are counted once each time the metrics are read", async (t) => {
  const registry = new Registry();
  let counted = 0;
  const metrics = callMetrics(registry, { prefix: "" });
  const { port, transport } = await serveNotes(t, {
    observers: [
      {
        onStart: (record, req) =>
          metrics.onStart?.(
            new Proxy(record, {
              get(target, name) {
                if (name === "isOver") counted++;
                return Reflect.get(target, name);
              },
            }),
            req,
          ),
      },
    ],
  });
  const req = open(port, LIST);
  req.end("{}");
  const stream = await transport.nextStream();
  stream.respond(note({}));
  const res = await response(req);
  for (let reads = 1; reads <= 2; reads++) {
    assert.equal((await samples(registry)).get('response_messages_total{rpc="test.Notes.List"}'), 1);
    assert.equal(counted, reads);
  }
  stream.finish();
  await res.toArray();
});

test("a stream is seen while it is open", async (t) => {
  const registry = new Registry();
  const log = new CallLog();
  const { port, transport } = await serveNotes(t, { observers: [callMetrics(registry, { prefix: "" }), log] });
  const req = open(port, LIST);
  req.end("{}");
  const stream = await transport.nextStream();
  stream.options.progress?.onResumed();
  stream.respond(note({ text: "a" }));
  const res = await response(req);
  const unary = send(port, GET, "{}");
  const call = await transport.nextUnary();
  const during = await samples(registry);
  const opened = 'streams_open{rpc="test.Notes.List",framing="result-lines"}';
  assert.equal(during.get(opened), 1);
  assert.equal(during.get('calls_in_flight{rpc="test.Notes.Get"}'), 1);
  assert.equal(during.get('response_messages_total{rpc="test.Notes.List"}'), 1);
  assert.equal(during.get('stream_resumptions_total{rpc="test.Notes.List"}'), 1);
  assert.equal(during.get('calls_total{rpc="test.Notes.List",code="OK"}'), undefined);
  stream.respond(note({ text: "a" }));
  stream.finish();
  res.resume();
  call.respond(note({}));
  await unary;
  await log.end(1);
  const after = await samples(registry);
  assert.equal(after.get(opened), undefined);
  assert.equal(after.get('calls_in_flight{rpc="test.Notes.Get"}'), 0);
  assert.equal(after.get('response_messages_total{rpc="test.Notes.List"}'), 2);
  assert.equal(after.get('stream_resumptions_total{rpc="test.Notes.List"}'), 1);
  assert.equal(after.get('stream_duration_seconds_count{rpc="test.Notes.List"}'), 1);
  assert.equal(after.get('call_duration_seconds_count{rpc="test.Notes.List"}'), undefined);
});

for (const channel of CHANNELS) {
  test(`connections and calls to each endpoint, over ${channel}`, async (t) => {
    const server = await startFaultServer();
    let answer = (): void => {};
    server.handle("/etcdserverpb.KV/Range", (call) => {
      answer = () => call.answer(Buffer.alloc(0));
    });
    const registry = new Registry();
    const endpoints = [server.endpoint, "127.0.0.1:1"];
    const gateway = await startGateway({ channel, endpoints, observers: [callMetrics(registry)] });
    t.after(async () => {
      await gateway.close();
      await server.stop();
    });
    const name = (endpoint: string, state: string): string =>
      `etcd_gateway_backend_connections{endpoint="${endpoint}",state="${state}"}`;
    assert.equal((await samples(registry)).get(name(server.endpoint, "ready")), 0);
    const sent = fetch(`${gateway.url}/v3/kv/range`, { method: "POST", body: "{}" });
    await server.reached("/etcdserverpb.KV/Range", 1);
    const values = await samples(registry);
    assert.equal(values.get(name(server.endpoint, "ready")), 1);
    assert.equal(values.get(name("127.0.0.1:1", "ready")), 0);
    assert.equal(values.get(name("127.0.0.1:1", "not_ready")), 1);
    assert.equal(values.get(`etcd_gateway_backend_calls_in_flight{endpoint="${server.endpoint}"}`), 1);
    answer();
    assert.equal((await sent).status, 200);
  });
}

test("names follow Prometheus's conventions", async () => {
  const registry = new Registry();
  callMetrics(registry);
  for (const { name, help, type } of await registry.getMetricsAsJSON()) {
    assert.match(name, /^etcd_gateway_[a-z]+(_[a-z]+)*$/);
    assert.match(help, /^[A-Z].*\.$/);
    assert.equal(name.endsWith("_total"), String(type) === "counter", name);
    assert.equal(name.endsWith("_seconds"), String(type) === "histogram", name);
  }
});

test("a value that is not a registry is rejected, and so is a prefix that no metric can have", () => {
  assert.throws(
    () => callMetrics({} as never),
    /^TypeError: invalid registry \(an object\): expected a registry of prom-client$/,
  );
  assert.throws(
    () => callMetrics(new Registry(), { prefix: "a-" }),
    /^TypeError: invalid prefix "a-": expected a prefix/,
  );
});
