import assert from "node:assert/strict";
import EventEmitter, { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttp2Server } from "node:http2";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Status } from "../../../runtime/core/errors/status.js";
import { monotonicTime } from "../../../runtime/core/timers/monotonic-time.js";
import { library } from "../../../runtime/core/transport/grpc-js/library.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import type { CallOptions, Transport } from "../../../runtime/core/transport/transport.js";
import type { GrpcTransportOptions } from "../../../runtime/core/transport/transport-options.js";
import { FaultCall as Call, type FaultCall, type FaultServer, startFaultServer } from "../../faults/fault-server.js";
import { startFaultProxy } from "../../faults/proxy.js";
import { CHANNELS } from "./channels.js";
import { callOptions, StreamRecorder, unary } from "./recorded-calls.js";

/** Options of a call that is not ended by its deadline, however slow the machine. */
const PATIENT = (): Partial<CallOptions> => ({ deadline: monotonicTime() + 60_000 });

for (const channel of CHANNELS) {
  describe(`over ${channel}`, () => {
    const PATH = "/test.Echo/Unary";
    const WATCH = "/test.Watch/Watch";
    const cleanUp: (() => unknown)[] = [];

    // The first use of grpc-js loads it.
    before(library);

    afterEach(async () => {
      for (const each of cleanUp.splice(0).reverse()) await each();
    });

    const echo = async (call: FaultCall): Promise<void> => call.answer(await call.request());

    async function serve(port?: number): Promise<FaultServer> {
      const server = await startFaultServer(port === undefined ? {} : { port });
      server.handle(PATH, echo);
      cleanUp.push(() => server.stop());
      return server;
    }

    function open(endpoints: readonly string[], options: Partial<GrpcTransportOptions> = {}): Transport {
      const transport = grpcTransport({ channel, endpoints, ...options });
      cleanUp.push(() => transport.close());
      return transport;
    }

    /** A port that nothing listens on. */
    async function freePort(): Promise<number> {
      const server = await startFaultServer();
      await server.stop();
      return server.port;
    }

    test("with no endpoint up, a call fails within the connect timeout; the addresses are in the cause only", async () => {
      const ports = [await freePort(), await freePort()];
      const transport = open(
        ports.map((port) => `127.0.0.1:${port}`),
        // Long enough to learn why.
        { connectTimeout: 3_000 },
      );
      const [{ error }, other] = await Promise.all([unary(transport, PATH), unary(transport, PATH)]);
      assert.equal(error?.code, Status.UNAVAILABLE);
      assert.equal(error?.message, "no endpoint is reachable");
      assert.equal(other.error?.message, "no endpoint is reachable");
      for (const port of ports) assert.match(String(error?.cause), new RegExp(`127\\.0\\.0\\.1:${port}.*ECONNREFUSED`));
    });

    test("the connect timeout is that of the transport: the shorter one is over first", async () => {
      const over: number[] = [];
      const endpoint = `127.0.0.1:${await freePort()}`;
      await Promise.all(
        [1_500, 300].map(async (connectTimeout) => {
          const { error } = await unary(open([endpoint], { connectTimeout }), PATH);
          assert.equal(error?.message, "no endpoint is reachable");
          over.push(connectTimeout);
        }),
      );
      assert.deepEqual(over, [300, 1_500]);
    });

    test("a stream fails likewise", async () => {
      const transport = open([`127.0.0.1:${await freePort()}`], { connectTimeout: 200 });
      const recorder = new StreamRecorder();
      const call = transport.stream(WATCH, callOptions(), recorder);
      call.send(Buffer.from("x"));
      call.end();
      await recorder.over();
      assert.equal(recorder.error?.message, "no endpoint is reachable");
    });

    test("a name that does not resolve is not an endpoint", async () => {
      const transport = open(["no-such-host.invalid:2379"], { connectTimeout: 300 });
      const { error } = await unary(transport, PATH);
      assert.equal(error?.message, "no endpoint is reachable");
    });

    test("the deadline ends the wait for an endpoint, if it is sooner", async () => {
      const transport = open([`127.0.0.1:${await freePort()}`]);
      const { error } = await unary(transport, PATH, "x", { deadline: monotonicTime() + 100 });
      assert.equal(error?.code, Status.DEADLINE_EXCEEDED);
    });

    test("a call that waits for an endpoint can be canceled", async () => {
      const transport = open([`127.0.0.1:${await freePort()}`]);
      const { error } = await unary(transport, PATH, "x", {}, (call) => setTimeout(() => call.cancel(), 20));
      assert.equal(error?.code, Status.CANCELLED);
    });

    test("an endpoint that comes up later is found, by the calls that wait too", async () => {
      const port = await freePort();
      const transport = open([`127.0.0.1:${port}`], { connectTimeout: 60_000 });
      const early = unary(transport, PATH, "early", PATIENT());
      await unary(transport, PATH, "x", { deadline: monotonicTime() + 400 });
      await serve(port);
      assert.equal(String((await early).message), "early");
      assert.equal(String((await unary(transport, PATH, "x")).message), "x");
    });

    test("an endpoint that went away and came back is found", async () => {
      const server = await serve();
      const transport = open([server.endpoint]);
      await unary(transport, PATH, "x");
      await server.stop();
      const during = await unary(transport, PATH, "x", { deadline: monotonicTime() + 500 });
      assert.notEqual(during.error, undefined);
      await serve(server.port);
      assert.equal(String((await unary(transport, PATH, "x", PATIENT())).message), "x");
    });

    test("with one of two endpoints down, every call succeeds", async () => {
      const server = await serve();
      const transport = open([`127.0.0.1:${await freePort()}`, server.endpoint]);
      for (let i = 0; i < 20; i++) assert.equal(String((await unary(transport, PATH, `${i}`)).message), `${i}`);
    });

    test("calls take turns among the endpoints, and go on when one dies", async () => {
      const servers = [await serve(), await serve(), await serve()];
      const transport = open(servers.map((server) => server.endpoint));
      while (servers.some((server) => server.count(PATH) === 0)) await unary(transport, PATH);
      const before = servers.map((server) => server.count(PATH));
      for (let i = 0; i < 30; i++) await unary(transport, PATH);
      assert.deepEqual(
        servers.map((server, i) => server.count(PATH) - (before[i] ?? 0)),
        [10, 10, 10],
      );
      await servers[1]?.stop();
      for (let i = 0; i < 30; i++) {
        const { error } = await unary(transport, PATH, "x", { idempotent: true });
        assert.equal(error, undefined);
      }
    });

    test("a connection attempt that meets silence is given up for another", async () => {
      const silent = new Set<Socket>();
      const server = createServer((socket) => {
        silent.add(socket);
        socket.on("error", () => {});
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      const address = server.address();
      assert.ok(address !== null && typeof address === "object");
      const { port } = address;
      const transport = open([`127.0.0.1:${port}`], { connectTimeout: 300 });
      const { error } = await unary(transport, PATH);
      assert.equal(error?.message, "no endpoint is reachable");
      // From now on a real server is behind the port; the silent connection stays open.
      server.close();
      await serve(port);
      let answer = await unary(transport, PATH, "x", PATIENT());
      while (answer.error?.message === "no endpoint is reachable")
        answer = await unary(transport, PATH, "x", PATIENT());
      assert.equal(String(answer.message ?? ""), "x");
      for (const socket of silent) socket.destroy();
    });

    test("a slow connection attempt is not given up before its time", async () => {
      const server = await serve();
      const proxy = await startFaultProxy(server.port);
      cleanUp.push(() => proxy.stop());
      proxy.mode = { delay: 400 };
      // The limit must not count from the beginning of the process.
      await delay(Math.max(2_500 - performance.now(), 0));
      const transport = open([proxy.endpoint], { connectTimeout: 2_000 });
      assert.equal(String((await unary(transport, PATH, "x", PATIENT())).message), "x");
      assert.equal(proxy.accepted, 1);
    });

    test("a connection attempt that meets silence after one that failed is given up, too", async () => {
      const port = await freePort();
      const transport = open([`127.0.0.1:${port}`], { connectTimeout: 300 });
      assert.equal((await unary(transport, PATH)).error?.message, "no endpoint is reachable");
      const silent = new Set<Socket>();
      const met = new EventEmitter();
      const server = createServer((socket) => {
        silent.add(socket);
        socket.on("error", () => {});
        met.emit("attempt");
      }).listen(port, "127.0.0.1");
      await once(met, "attempt");
      // From now on a real server is behind the port; the silent connection stays open.
      server.close();
      await serve(port);
      let answer = await unary(transport, PATH, "x", PATIENT());
      while (answer.error?.message === "no endpoint is reachable")
        answer = await unary(transport, PATH, "x", PATIENT());
      assert.equal(String(answer.message ?? ""), "x");
      for (const socket of silent) socket.destroy();
    });

    test("a connection that falls silent under a call is noticed by keepalive, and replaced", async () => {
      const server = await serve();
      const proxy = await startFaultProxy(server.port);
      cleanUp.push(() => proxy.stop());
      const transport = open([proxy.endpoint], { keepalive: { interval: 200, timeout: 1_000 } });
      await unary(transport, PATH, "x", PATIENT());
      proxy.mode = "stall";
      const { error } = await unary(transport, PATH, "x", PATIENT());
      assert.equal(error?.code, Status.UNAVAILABLE);
      proxy.mode = "pass";
      assert.equal(String((await unary(transport, PATH, "x", PATIENT())).message), "x");
    });

    test("streams on a connection that falls silent are ended by keepalive, though there is no other call", async () => {
      const server = await serve();
      server.handle(WATCH, (call) => call.accept());
      const proxy = await startFaultProxy(server.port);
      cleanUp.push(() => proxy.stop());
      const transport = open([proxy.endpoint], { keepalive: { interval: 200, timeout: 1_000 } });
      const recorder = new StreamRecorder();
      transport.stream(WATCH, callOptions({ deadline: undefined }), recorder);
      await once(recorder, "headers");
      proxy.mode = "stall";
      await recorder.over();
      assert.equal(recorder.error?.code, Status.UNAVAILABLE);
    });

    test("a large response from far away takes few round trips: a mebibyte of it may be on the way", async () => {
      const server = await serve();
      const transport = open([server.endpoint]);
      await unary(transport, PATH, "x");
      const [session] = server.sessions;
      assert.equal(session?.remoteSettings.initialWindowSize, 1 << 20);
      assert.ok((session.state.remoteWindowSize ?? 0) > (1 << 20) - 1_000, `${session.state.remoteWindowSize} bytes`);
    });

    test("a server that half-closes the connection is left for a new one", async () => {
      const server = await serve();
      const proxy = await startFaultProxy(server.port);
      cleanUp.push(() => proxy.stop());
      const transport = open([proxy.endpoint]);
      server.handle(WATCH, () => {});
      const hanging = unary(transport, WATCH, "x");
      await server.reached(WATCH, 1);
      proxy.halfClose();
      assert.equal((await hanging).error?.code, Status.UNAVAILABLE);
      assert.equal(String((await unary(transport, PATH, "x")).message), "x");
    });

    test("a server that drops every connection once it is up is not met with a storm of them", async () => {
      const server = await serve();
      const proxy = await startFaultProxy(server.port);
      cleanUp.push(() => proxy.stop());
      const dropping = setInterval(() => {
        for (const session of server.sessions) session.destroy();
      }, 5);
      cleanUp.push(() => clearInterval(dropping));
      const transport = open([proxy.endpoint]);
      server.handle(PATH, (call) => call.cut());
      const started = monotonicTime();
      await unary(transport, PATH, "x", { deadline: started + 1_000 });
      // No more connections may come in the rest of the second.
      await delay(started + 1_000 - monotonicTime());
      assert.ok(proxy.accepted <= 10, `${proxy.accepted} connections in a second`);
    });

    /** Waits until those connections are closed that only asked for the settings of the server. */
    async function settle({ sessions }: FaultServer, connections: number): Promise<void> {
      for (const end = Date.now() + 30_000; sessions.size !== connections; await delay(20)) {
        assert.ok(Date.now() < end, `${sessions.size} connections, not ${connections}`);
      }
    }

    test("streams that fill a connection to what the server allows get another, and never hold up unary calls", async () => {
      const server = await startFaultServer({ maxConcurrentStreams: 3 });
      cleanUp.push(() => server.stop());
      server.handle(PATH, echo);
      server.handle(WATCH, (call) => call.accept());
      const transport = open([server.endpoint]);
      const recorders = Array.from({ length: 10 }, () => new StreamRecorder());
      const calls = recorders.map((recorder) =>
        transport.stream(WATCH, callOptions({ deadline: undefined }), recorder),
      );
      for (const recorder of recorders) if (recorder.headers === undefined) await once(recorder, "headers");
      assert.equal(String((await unary(transport, PATH, "x")).message), "x");
      // 4 for the streams and 1 for unary calls.
      await settle(server, 5);
      for (const call of calls) call.cancel();
      for (const recorder of recorders) await recorder.over();
    });

    test("unary calls that wait, or have no deadline, travel with the streams", async () => {
      const server = await serve();
      server.handle(PATH, echo);
      server.handle("/test.Lock/Lock", () => {});
      const transport = open([server.endpoint], { streamsPerConnection: 2 });
      const cancels: (() => void)[] = [];
      const locks = Array.from({ length: 5 }, (_, i) => {
        const options = i < 3 ? { deadline: undefined } : { isLong: true };
        return unary(transport, "/test.Lock/Lock", "x", options, (call) => cancels.push(() => call.cancel()));
      });
      await server.reached("/test.Lock/Lock", 5);
      await settle(server, 3);
      assert.equal(String((await unary(transport, PATH, "x")).message), "x");
      for (const cancel of cancels) cancel();
      for (const { error } of await Promise.all(locks)) assert.equal(error?.code, Status.CANCELLED);
    });

    test("a unix socket is an endpoint", async () => {
      const folder = await mkdtemp(join(tmpdir(), "transport-"));
      cleanUp.push(() => rm(folder, { recursive: true }));
      const path = join(folder, "grpc.sock");
      const server = createHttp2Server();
      server.on("stream", async (stream, headers) => {
        const socket = stream.session?.socket;
        if (socket !== undefined) await echo(new Call(stream, headers, socket));
      });
      server.listen(path);
      await once(server, "listening");
      cleanUp.push(() => server.close());
      const transport = open([`unix:${path}`]);
      assert.equal(String((await unary(transport, PATH, "x")).message), "x");
    });

    test("close ends calls in progress, waiting ones and new ones with UNAVAILABLE", async () => {
      const server = await serve();
      server.handle(WATCH, () => {});
      const transport = open([server.endpoint]);
      const lost = open([`127.0.0.1:${await freePort()}`]);
      const recorder = new StreamRecorder();
      transport.stream(WATCH, callOptions({ deadline: undefined }), recorder);
      const hanging = unary(transport, WATCH, "x");
      const waiting = unary(lost, PATH, "x");
      await server.reached(WATCH, 2);
      transport.close();
      lost.close();
      await recorder.over();
      const late = await unary(transport, PATH, "x");
      for (const error of [recorder.error, (await hanging).error, (await waiting).error, late.error]) {
        assert.equal(error?.code, Status.UNAVAILABLE);
      }
      for (const call of server.calls) await call.closed;
    });
  });
}
