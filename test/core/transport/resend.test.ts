import assert from "node:assert/strict";
import { once } from "node:events";
import { constants } from "node:http2";
import { afterEach, beforeEach, describe, test } from "node:test";
import { Status } from "../../../runtime/core/errors/status.js";
import { endpointOf } from "../../../runtime/core/transport/failed-endpoint.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import type { Transport } from "../../../runtime/core/transport/transport.js";
import type { GrpcTransportOptions } from "../../../runtime/core/transport/transport-options.js";
import { type FaultCall, type FaultServer, startFaultServer } from "../../faults/fault-server.js";
import { type FaultProxy, startFaultProxy } from "../../faults/proxy.js";
import { CHANNELS } from "./channels.js";
import { callOptions, StreamRecorder, unary } from "./recorded-calls.js";

for (const channel of CHANNELS) {
  describe(`over ${channel}`, () => {
    const PUT = "/test.KV/Put";
    const GET = "/test.KV/Get";
    let servers: readonly [FaultServer, FaultServer];
    let proxies: readonly [FaultProxy, FaultProxy];
    const transports: Transport[] = [];

    const echo = async (call: FaultCall): Promise<void> => call.answer(await call.request());

    beforeEach(async () => {
      servers = [await startFaultServer(), await startFaultServer()];
      proxies = [await startFaultProxy(servers[0].port), await startFaultProxy(servers[1].port)];
    });

    afterEach(async () => {
      for (const transport of transports.splice(0)) transport.close();
      await Promise.all([...proxies, ...servers].map((each) => each.stop()));
    });

    function open(endpoints: readonly string[], options: Partial<GrpcTransportOptions> = {}): Transport {
      const transport = grpcTransport({ channel, endpoints, ...options });
      transports.push(transport);
      return transport;
    }

    function countOf(path: string): number {
      return servers[0].count(path) + servers[1].count(path);
    }

    /** Makes calls until both endpoints have had one, so that both are connected. */
    async function warm(transport: Transport): Promise<void> {
      for (const server of servers) server.handle("/test/Warm", echo);
      while (servers.some((server) => server.count("/test/Warm") === 0)) await unary(transport, "/test/Warm", "x");
    }

    test("a call avoids the endpoint that has failed it, although that one has the fewest calls", async () => {
      const [busy, failing] = servers;
      const WATCH = "/test.Watch/Watch";
      for (const { handle } of servers) {
        handle(PUT, (call) => call.end(14, "not here"));
        handle(WATCH, (call) => call.accept());
      }
      const transport = open([busy.endpoint, failing.endpoint]);
      while (servers.some((server) => server.count(PUT) === 0)) await unary(transport, PUT);
      const { error } = await unary(transport, PUT);
      assert.ok(error !== undefined);
      assert.ok([busy.endpoint, failing.endpoint].includes(endpointOf(error) ?? ""));

      const counts = () => servers.map((server) => server.count(PUT));
      const [first = 0, second = 0] = counts();
      for (let i = 0; i < 5; i++) await unary(transport, PUT, "x", { avoid: [failing.endpoint] });
      assert.deepEqual(counts(), [first + 5, second]);
      await unary(transport, PUT, "x", { avoid: ["unknown:1"] });

      const recorders = Array.from({ length: 5 }, () => new StreamRecorder());
      // The connections for streams are established with the first one.
      for (const recorder of recorders) {
        transport.stream(WATCH, callOptions({ deadline: undefined, avoid: [failing.endpoint] }), recorder);
        await once(recorder, "headers");
      }
      assert.ok(busy.count(WATCH) >= 4, `${busy.count(WATCH)} of 5`);
    });

    test("a write is sent once, though the connection breaks after the server got it", async () => {
      const transport = open(proxies.map((proxy) => proxy.endpoint));
      await warm(transport);
      for (const server of servers) server.handle(PUT, () => {});
      const outcome = unary(transport, PUT, "x");
      await Promise.race(servers.map((server) => server.reached(PUT, 1)));
      for (const proxy of proxies) proxy.reset();
      const { error } = await outcome;
      assert.equal(error?.code, Status.UNAVAILABLE);
      assert.equal(error?.message, "the connection to the server broke");
      await unary(transport, "/test/Warm", "x");
      assert.equal(countOf(PUT), 1);
    });

    test("a write is sent once, though its response is lost on a single endpoint", async () => {
      const transport = open([proxies[0].endpoint]);
      servers[0].handle(PUT, echo);
      servers[0].handle("/test/Warm", echo);
      await unary(transport, "/test/Warm", "x");
      proxies[0].mode = "mute";
      const outcome = unary(transport, PUT, "x");
      await servers[0].reached(PUT, 1);
      proxies[0].reset();
      proxies[0].mode = "pass";
      assert.equal((await outcome).error?.code, Status.UNAVAILABLE);
      assert.equal((await unary(transport, "/test/Warm", "x")).error, undefined);
      assert.equal(countOf(PUT), 1);
    });

    test("100 writes in progress when a connection is cut reach the server at most once each", async () => {
      const transport = open(proxies.map((proxy) => proxy.endpoint));
      await warm(transport);
      const seen = new Map<string, number>();
      for (const server of servers) {
        server.handle(PUT, async (call) => {
          const key = String(await call.request());
          seen.set(key, (seen.get(key) ?? 0) + 1);
          call.answer(Buffer.from(key));
        });
      }
      proxies[0].resetAfter(2_000);
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, async (_, i) => ({ key: `key${i}`, ...(await unary(transport, PUT, `key${i}`)) })),
      );
      for (const { key, message } of outcomes) {
        if (message === undefined)
          assert.ok((seen.get(key) ?? 0) <= 1, `${key} failed, and was written more than once`);
        else assert.equal(seen.get(key), 1, `${key} succeeded`);
      }
      assert.ok(
        outcomes.some(({ error }) => error !== undefined),
        "the cut hit nothing",
      );
      assert.ok(outcomes.some(({ message }) => message !== undefined));
    });

    test("an idempotent call is sent once more, to the other endpoint, if the connection breaks", async () => {
      const transport = open(servers.map((server) => server.endpoint));
      await warm(transport);
      servers[0].handle(GET, (call) => call.cut());
      servers[1].handle(GET, echo);
      // With several at a time it is not enough to take the next in turn.
      const outcomes = await Promise.all(
        Array.from({ length: 6 }, () => unary(transport, GET, "x", { idempotent: true })),
      );
      for (const { message } of outcomes) assert.equal(String(message), "x");
      assert.equal(servers[1].count(GET), 6);
      assert.ok(servers[0].count(GET) > 0);
    });

    test("an idempotent call is not sent a third time", async () => {
      const transport = open(servers.map((server) => server.endpoint));
      await warm(transport);
      for (const server of servers) server.handle(GET, (call) => call.cut());
      const { error } = await unary(transport, GET, "x", { idempotent: true });
      assert.equal(error?.code, Status.UNAVAILABLE);
      assert.equal(countOf(GET), 2);
    });

    test("an idempotent call is not sent again once the response has begun", async () => {
      const transport = open(servers.map((server) => server.endpoint));
      await warm(transport);
      for (const server of servers) {
        server.handle(GET, (call) => {
          call.send(Buffer.from("x"));
          call.onceRead(() => call.cut());
        });
      }
      const { error } = await unary(transport, GET, "x", { idempotent: true });
      assert.equal(error?.code, Status.UNAVAILABLE);
      assert.equal(countOf(GET), 1);
    });

    test("UNAVAILABLE from the server itself is final, idempotent or not", async () => {
      const transport = open(servers.map((server) => server.endpoint));
      for (const server of servers) server.handle(GET, (call) => call.end(Status.UNAVAILABLE, "etcdserver: no leader"));
      const { error } = await unary(transport, GET, "x", { idempotent: true });
      assert.equal(error?.message, "etcdserver: no leader");
      assert.equal(countOf(GET), 1);
    });

    test("a call that the server refuses unseen (REFUSED_STREAM) goes to the other endpoint, a write too", async () => {
      const transport = open(servers.map((server) => server.endpoint));
      await warm(transport);
      servers[0].handle(PUT, (call) => call.reset(constants.NGHTTP2_REFUSED_STREAM));
      servers[1].handle(PUT, echo);
      const outcomes = await Promise.all(Array.from({ length: 6 }, () => unary(transport, PUT, "x")));
      for (const { message } of outcomes) assert.equal(String(message), "x");
      assert.deepEqual([servers[0].count(PUT), servers[1].count(PUT)], [3, 6]);
    });

    test("a call refused everywhere fails, and soon", async () => {
      const transport = open([servers[0].endpoint]);
      servers[0].handle(PUT, (call) => call.reset(constants.NGHTTP2_REFUSED_STREAM));
      const { error } = await unary(transport, PUT, "x");
      assert.equal(error?.code, Status.UNAVAILABLE);
      assert.equal(error?.message, "the server refused the call");
      assert.ok(countOf(PUT) <= 4);
    });

    test("a graceful GOAWAY fails no call: those in progress finish, new ones find a connection", async () => {
      const transport = open([servers[0].endpoint]);
      let isHeld = false;
      let release = (): void => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      servers[0].handle(PUT, async (call) => {
        const request = await call.request();
        if (isHeld) await released;
        call.answer(request);
      });
      await unary(transport, PUT, "x");
      isHeld = true;
      const underWay = Array.from({ length: 5 }, () => unary(transport, PUT, "x"));
      await servers[0].reached(PUT, 6);
      servers[0].goaway();
      const afterwards: ReturnType<typeof unary>[] = [];
      for (let i = 0; i < 20; i++) {
        afterwards.push(unary(transport, PUT, "x"));
        await new Promise(setImmediate);
      }
      release();
      for (const outcome of await Promise.all([...underWay, ...afterwards])) assert.equal(String(outcome.message), "x");
      assert.equal(countOf(PUT), 26);
    });

    test("a stream is not started again once its request was sent", async () => {
      const path = "/test.Watch/Watch";
      const transport = open(servers.map((server) => server.endpoint));
      for (const server of servers) server.handle(path, (call) => call.cut());
      const recorder = new StreamRecorder();
      const call = transport.stream(path, callOptions({ deadline: undefined, idempotent: true }), recorder);
      call.send(Buffer.from("create"));
      await recorder.over();
      assert.equal(recorder.error?.code, Status.UNAVAILABLE);
      assert.equal(countOf(path), 1);
    });
  });
}
