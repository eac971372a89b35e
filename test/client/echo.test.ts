import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type BidiStream, type Channel, type ClientStream, createChannel, socketJson } from "@etcd-gateway/client";
import { createClient, grpcTransport } from "@etcd-gateway/runtime";
import fc from "fast-check";
import { WebSocket } from "ws";
import { ApiUnderTest } from "../core/transcode/api-under-test.js";
import { TEST_CHANNEL } from "../core/transport/channels.js";
import { EVERY_TYPE } from "./every-type.js";

/** A call of an RPC, whatever it carries: what the generated types say of it is for generated-types.test.ts. */
type Call = (...args: unknown[]) => never;
type Service = Readonly<Record<string, Call>>;

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
// The client over gRPC does not send the sign of zero.
const double = fc.double().map((value) => (value === 0 ? 0 : value));
const float = fc.float().map((value) => (value === 0 ? 0 : value));
const string = fc.string({ unit: "grapheme", maxLength: 8 });
const bytes = fc.uint8Array({ maxLength: 12 });
const color = fc.constantFrom(0, 1, -2, 77);
const time = fc.record({
  seconds: fc.bigInt({ min: -62_135_596_800n, max: 253_402_300_799n }),
  nanos: fc.nat(999_999_999),
});
const duration = fc
  .tuple(fc.bigInt({ min: 0n, max: 315_576_000_000n }), fc.nat(999_999_999), fc.boolean())
  .map(([seconds, nanos, isNegative]) =>
    isNegative ? { seconds: -seconds, nanos: nanos === 0 ? 0 : -nanos } : { seconds, nanos },
  );
const { node } = fc.letrec<{ node: object }>((tie) => ({
  // With all fields: the client over gRPC takes nested messages so alone.
  node: fc.record({
    name: string,
    leaf: fc.option(fc.boolean(), { nil: undefined }),
    child: fc.option(tie("node"), { nil: undefined, maxDepth: 3 }),
  }),
}));
const name = fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/);
// The client over gRPC loses members called __proto__.
const json = fc
  .jsonValue({ maxDepth: 3 })
  .filter((value) => !JSON.stringify(value).includes("__proto__"))
  .map((value): unknown => JSON.parse(JSON.stringify(value)));
const struct = fc.dictionary(name, json, { maxKeys: 4, noNullPrototype: true });

/** Any message, in the form that ts-proto has. */
const everything: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    f_double: double,
    f_float: float,
    f_int32: int32,
    f_int64: int64,
    f_uint32: uint32,
    f_uint64: uint64,
    f_sint32: int32,
    f_sint64: int64,
    f_fixed32: uint32,
    f_fixed64: uint64,
    f_sfixed32: int32,
    f_sfixed64: int64,
    f_bool: fc.boolean(),
    f_string: string,
    f_bytes: bytes,
    color,
    node,
    int64s: fc.array(int64, { maxLength: 4 }),
    bytess: fc.array(bytes, { maxLength: 4 }),
    colors: fc.array(color, { maxLength: 4 }),
    nodes: fc.array(node, { maxLength: 3 }),
    doubles: fc.array(fc.double(), { maxLength: 4 }),
    maybe_int64: int64,
    maybe_bytes: bytes,
    maybe_string: string,
    maybe_color: color,
    by_string: fc.dictionary(string, bytes, { maxKeys: 4, noNullPrototype: true }),
    by_int32: fc.dictionary(int32.map(String), color, { maxKeys: 4, noNullPrototype: true }),
    by_int64: fc.array(fc.tuple(int64, node), { maxLength: 4 }).map((entries) => new Map(entries)),
    by_uint64: fc.array(fc.tuple(uint64, string), { maxLength: 4 }).map((entries) => new Map(entries)),
    by_bool: fc.array(fc.tuple(fc.boolean(), int64), { maxLength: 2 }).map((entries) => new Map(entries)),
    choice: fc.oneof(
      fc.record({ $case: fc.constant("chosen_int64"), value: int64 }),
      fc.record({ $case: fc.constant("chosen_string"), value: string }),
      fc.record({ $case: fc.constant("chosen_bytes"), value: bytes }),
      fc.record({ $case: fc.constant("chosen_node"), value: node }),
      fc.record({ $case: fc.constant("chosen_bool"), value: fc.boolean() }),
    ),
    odd_name: string,
    trailing_: string,
    time,
    duration,
    mask: fc.array(
      fc
        .array(fc.stringMatching(/^[a-z]{1,5}(_[a-z]{1,4})?$/), { minLength: 1, maxLength: 3 })
        .map((path) => path.join(".")),
      { maxLength: 3 },
    ),
    struct,
    value: json,
    list: fc.array(json, { maxLength: 3 }),
    empty: fc.constant({}),
    string_value: string,
    bytes_value: bytes,
    int64_value: int64,
    uint64_value: uint64,
    int32_value: int32,
    uint32_value: uint32,
    bool_value: fc.boolean(),
    double_value: double,
    float_value: float,
    times: fc.array(time, { maxLength: 2 }),
    durations: fc.array(duration, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

describe("a generated client, before a server that echoes", { timeout: 120_000 }, () => {
  let api: ApiUnderTest;
  let port: number;
  let http: Service;
  let text: Service;
  let grpc: Service;
  before(async () => {
    api = await ApiUnderTest.start(EVERY_TYPE);
    port = await api.serve({ access: { unboundRpcs: true } });
    http = serviceOf(createChannel({ baseUrl: `http://127.0.0.1:${port}`, WebSocket }));
    text = serviceOf(createChannel({ baseUrl: `http://127.0.0.1:${port}`, WebSocket, text: true }));
    const every = api.generated.services[0];
    assert.ok(every !== undefined);
    const client = createClient({ every }, grpcTransport({ channel: TEST_CHANNEL, endpoints: [api.endpoint] }));
    grpc = client.every as unknown as Service;
  });
  after(() => api?.stop());

  function serviceOf(channel: Channel): Service {
    const { createClient } = api.generated.client as {
      createClient(channel: Channel): { readonly every: Service };
    };
    return createClient(channel).every;
  }

  const call = async (service: Service, rpc: string, ...args: unknown[]): Promise<unknown> => {
    const each = service[rpc];
    assert.ok(each !== undefined, rpc);
    return await each(...args);
  };

  test("sends and gets every message exactly, as the client over gRPC does", async () => {
    await fc.assert(
      fc.asyncProperty(everything, async (message) => {
        assert.deepEqual(await call(http, "whole", message), withoutBuffers(await call(grpc, "whole", message)));
      }),
      { numRuns: 200 },
    );
  });

  test("keeps what the client over gRPC does not: a key __proto__, and the sign of zero", async () => {
    const by_string = JSON.parse('{"__proto__": "x"}');
    const struct = JSON.parse('{"a": [{"__proto__": 0}], "__proto__": {"b": "x"}}');
    const kept = Object(await call(text, "whole", { by_string, struct, f_double: -0, f_float: -0 }));
    assert.deepEqual(kept.by_string, by_string);
    assert.deepEqual(kept.struct, struct);
    assert.ok(Object.is(kept.f_double, -0) && Object.is(kept.f_float, -0));
  });

  test("takes text for bytes, and gives it back where it is asked for", async () => {
    await fc.assert(
      fc.asyncProperty(string, bytes, async (said, raw) => {
        const utf8 = new TextEncoder().encode(said);
        const message = { f_bytes: said, bytess: [said, raw], maybe_bytes: said, by_string: { a: said } };
        const asBytes = Object(await call(http, "whole", message));
        assert.deepEqual([asBytes.f_bytes, asBytes.bytess, asBytes.maybe_bytes], [utf8, [utf8, raw], utf8]);
        const asText = Object(await call(text, "whole", message));
        assert.deepEqual([asText.f_bytes, asText.maybe_bytes, asText.by_string], [said, said, { a: said }]);
        const [, other] = asText.bytess;
        assert.deepEqual(typeof other === "string" ? new TextEncoder().encode(other) : other, raw);
      }),
    );
  });

  test("puts fields into the path, the query and the body, as the rule says", async () => {
    const node = { name: "nodes/a b", leaf: true, child: undefined };
    const message = {
      f_string: "a/b c?#%ü",
      f_int64: -(2n ** 63n),
      node,
      nodes: [{ name: "1" }, { name: "2", leaf: false }],
      f_bytes: "\u0000\u00ff+/=",
      colors: [1, -2],
      doubles: [Number.NaN, Number.NEGATIVE_INFINITY, -0, 1e300],
      by_string: { "key with ]": "v" },
      by_bool: new Map([[true, 5n]]),
      maybe_string: "",
      choice: { $case: "chosen_bytes", value: "x" },
      odd_name: "o",
      time: { seconds: 1n, nanos: 5_000_000 },
      mask: ["f_string", "node.name"],
      struct: { a: [1, null] },
      int64_value: 0n,
    };
    const parts = Object(await call(http, "part", message));
    assert.deepEqual(parts.nodes, [
      { name: "1", child: undefined, leaf: undefined },
      { name: "2", child: undefined, leaf: false },
    ]);
    assert.equal(parts.f_string, "", "the response is one field");

    const { nodes: _, ...asked } = message;
    const whole = Object(await call(http, "whole", asked));
    assert.deepEqual(Object(await call(http, "ask", asked)), whole, "by the second binding: the node fits no leaf");
    const leaf = { name: "nodes/a/leaves/b/c%2Fd", leaf: undefined, child: undefined };
    const first = Object(await call(http, "ask", { ...asked, node: leaf }));
    assert.deepEqual(first, { ...whole, node: leaf });

    const downloaded: unknown[] = [];
    for await (const each of (http["download"] ?? assert.fail())(asked) as AsyncIterable<unknown>)
      downloaded.push(each);
    assert.deepEqual(downloaded, [whole, whole]);
  });

  test("rejects what no path or query can say", async () => {
    const rejects = (rpc: string, message: object, why: string) =>
      assert.rejects(call(http, rpc, message), { code: 3, rawMessage: `the request cannot be sent: ${why}` });
    const node = { name: "nodes/a" };
    await rejects("part", { node }, 'f_string: is part of the path: expected a value like "*", got ""');
    await rejects(
      "part",
      { f_string: "..", f_int64: 1n, node },
      'f_string: is part of the path: expected a value like "*", got ".."',
    );
    await rejects(
      "part",
      { f_string: "a", f_int64: 1n },
      'node.name: is part of the path: expected a value like "nodes/*", got ""',
    );
    await rejects(
      "part",
      { f_string: "a", f_int64: 1n, node: { name: "nodes/a/b" } },
      'node.name: is part of the path: expected a value like "nodes/*", got "nodes/a/b"',
    );
    await assert.rejects(call(http, "ask", { nodes: [{}] }), /nodes: a query cannot hold messages in a list or map/);
  });

  test("has an Any as the JSON of its message", async () => {
    const any = { "@type": "type.googleapis.com/every.v1.Node", name: "x", child: { leaf: true } };
    assert.deepEqual(await call(http, "pack", { any, name: "n" }), { any, name: "n" });
    const unknown = { "@type": "type.googleapis.com/no.Such" };
    await assert.rejects(call(http, "pack", { any: unknown }), { code: 3, httpStatus: 400 });
  });

  test("sends and gets bodies that are not JSON", async () => {
    const data = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const body = { content_type: "image/png", data, extensions: [] };
    assert.deepEqual(await call(http, "put", { name: "a b", body }), { name: "", body });
    assert.deepEqual(await call(http, "raw", body), body);
    assert.deepEqual(await call(text, "raw", { data: "text" }), {
      content_type: "application/octet-stream",
      data: "text",
      extensions: [],
    });
    const pieces: Uint8Array[] = [];
    for await (const piece of (http["rawStream"] ?? assert.fail())(body) as AsyncIterable<typeof body>) {
      assert.equal(piece.content_type, "image/png");
      pieces.push(piece.data);
    }
    assert.deepEqual(Uint8Array.from(Buffer.concat(pieces)), Uint8Array.from([...data, ...data]));
  });

  test("takes and gives well-known types that are whole messages", async () => {
    assert.equal(await call(http, "text", 'a "b"'), 'a "b"');
    assert.equal(await call(http, "number", 2n ** 63n - 1n), 2n ** 63n - 1n);
    assert.deepEqual(await call(http, "json", { a: { b: [1, null, "c"] }, n: -0 }), {
      a: { b: [1, null, "c"] },
      n: -0,
    });
    assert.deepEqual(await call(http, "time", { seconds: -1n, nanos: 1 }), { seconds: -1n, nanos: 1 });
    assert.deepEqual(await call(http, "nothing", {}), {});
    assert.deepEqual(await call(http, "unbound", { name: "x" }), { name: "x", child: undefined, leaf: undefined });
  });

  test("sends a stream of requests, over WebSocket and over HTTP", async () => {
    // The server responds with all messages merged.
    const merged = { name: "b", child: undefined, leaf: true };
    assert.deepEqual(await call(http, "gather", { requests: [{ name: "a", leaf: true }, { name: "b" }] }), merged);
    const gather = (http["gather"] ?? assert.fail())() as ClientStream<unknown, unknown>;
    await gather.send({ name: "a", leaf: true });
    await gather.send({ name: "b" });
    gather.end();
    assert.deepEqual(await gather.response, merged);

    const channel = createChannel({ baseUrl: `http://127.0.0.1:${port}`, WebSocket });
    const json = socketJson(channel, { path: "/v1/gather", single: true });
    await json.send('{"name":"a","leaf":true}');
    await json.send('{"name":"b"}');
    json.end();
    const responses: unknown[] = [];
    for await (const response of json) responses.push(JSON.parse(response));
    assert.deepEqual(responses, [{ name: "b", leaf: true }]);

    const named = (http["gatherFor"] ?? assert.fail())() as ClientStream<unknown, unknown>;
    await named.send({ name: "in the path", leaf: true });
    named.end();
    assert.deepEqual(await named.response, { name: "in the path", child: undefined, leaf: true });
  });

  test("talks both ways, over WebSocket and over HTTP", async () => {
    const messages = [1n, 2n, 3n].map((f_int64) => ({ f_int64 }));
    const numbers = async (answers: AsyncIterable<unknown>): Promise<unknown[]> => {
      const seen: unknown[] = [];
      for await (const answer of answers) seen.push(Object(answer).f_int64);
      return seen;
    };
    const talk = http["talk"] ?? assert.fail();
    assert.deepEqual(await numbers(talk({ requests: messages })), [1n, 2n, 3n]);
    const socket = talk() as BidiStream<unknown, unknown>;
    for (const message of messages) await socket.send(message);
    socket.end();
    assert.deepEqual(await numbers(socket), [1n, 2n, 3n]);
    await assert.rejects(socket.send({ f_int64: 1 }), { code: 3 });
  });
});

/** The client over gRPC has buffers for bytes, which compare as other than the same bytes. */
function withoutBuffers(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(withoutBuffers);
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [key, withoutBuffers(each)]));
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) {
    Object.defineProperty(copy, name, {
      value: withoutBuffers(each),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}
