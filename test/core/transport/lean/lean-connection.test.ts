import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { ServerHttp2Session } from "node:http2";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, it } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { Status } from "../../../../runtime/core/errors/status.js";
import { monotonicTime } from "../../../../runtime/core/timers/monotonic-time.js";
import { grpcTransport } from "../../../../runtime/core/transport/grpc-transport.js";
import { FrameType } from "../../../../runtime/core/transport/http2/frames/frame.js";
import type { Transport } from "../../../../runtime/core/transport/transport.js";
import type { GrpcTransportOptions } from "../../../../runtime/core/transport/transport-options.js";
import { makeCertificates } from "../../../etcd-server/certificates.js";
import { type FaultCall, startFaultServer } from "../../../faults/fault-server.js";
import { frame, SERVER_PREFACE, uint32 } from "../http2/frames/frame-bytes.js";
import { headers } from "../http2/session/session-under-test.js";
import { callOptions, StreamRecorder, unary } from "../recorded-calls.js";

const PATH = "/test.Echo/Unary";
const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const each of cleanUp.splice(0).reverse()) await each();
});

const echo = async (call: FaultCall): Promise<void> => call.answer(await call.request());

function open(endpoint: string, options: Partial<GrpcTransportOptions> = {}): Transport {
  const transport = grpcTransport({ channel: "lean", endpoints: [endpoint], connectTimeout: 60_000, ...options });
  cleanUp.push(() => transport.close());
  return transport;
}

/** Listens for sockets, and says on which port. */
async function listen(server: Server, host: string = "127.0.0.1"): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  server.listen(0, host);
  await once(server, "listening");
  cleanUp.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return port;
}

describe("a server that speaks something else", () => {
  const impostors: readonly [what: string, speak: (socket: Socket) => void, reason: RegExp][] = [
    [
      "HTTP/1.1",
      (socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"),
      /the server speaks HTTP\/1\.1, not HTTP\/2/,
    ],
    ["mail", (socket) => socket.write("220 mail.example ESMTP\r\n"), /as the first frame: expected SETTINGS/],
    ["nothing, and hangs up", (socket) => socket.end(), /the server closed the connection/],
    ["nothing", () => {}, /no response yet/],
  ];
  it("the call fails, and its cause says why", async () => {
    await Promise.all(
      impostors.map(async ([what, speak, reason]) => {
        const port = await listen(createServer(speak));
        // Long enough for a busy machine to hear what a server says.
        const transport = open(`127.0.0.1:${port}`, { connectTimeout: 4_000 });
        const { error } = await unary(transport, PATH, "", { deadline: monotonicTime() + 60_000 });
        assert.equal(error?.code, Status.UNAVAILABLE, what);
        assert.equal(error?.message, "no endpoint is reachable", what);
        assert.match(String(error?.cause), reason, what);
      }),
    );
  });

  it("by ALPN: the cause names the protocol", async () => {
    const certificates = await makeCertificates();
    cleanUp.push(() => certificates.remove());
    const [ca, cert, key] = await Promise.all(
      [certificates.ca.cert, certificates.server.cert, certificates.server.key].map((file) => readFile(file)),
    );
    assert.ok(ca && cert && key);
    // A server that heeds no list, and takes what it likes.
    const server = createTlsServer({ cert, key, ALPNCallback: () => "h2" });
    const port = await listen(server);
    const silent = await unary(open(`https://127.0.0.1:${port}`, { tls: { ca }, connectTimeout: 500 }), PATH);
    assert.match(String(silent.error?.cause), /no response yet/);
    const other = createTlsServer({ cert, key, ALPNProtocols: ["http/1.1"] });
    const port2 = await listen(other);
    const refused = await unary(open(`https://127.0.0.1:${port2}`, { tls: { ca }, connectTimeout: 4_000 }), PATH);
    assert.match(String(refused.error?.cause), /no application protocol|not HTTP\/2/i);
  });
});

it("an IPv6 address is an endpoint, and so is a name with several addresses of which one responds", async () => {
  const server = await startFaultServer();
  cleanUp.push(() => server.stop());
  server.handle(PATH, echo);
  // `localhost` is ::1 and 127.0.0.1, and only one of them has a server.
  assert.equal(String((await unary(open(`localhost:${server.port}`), PATH, "x")).message), "x");
  const forward = createServer((socket) => {
    const upstream = new (socket.constructor as typeof Socket)().connect(server.port, "127.0.0.1");
    upstream.on("error", () => {});
    socket.pipe(upstream).pipe(socket);
  });
  const port = await listen(forward, "::1");
  assert.equal(String((await unary(open(`[::1]:${port}`), PATH, "x")).message), "x");
  assert.equal(server.calls.at(-1)?.headers[":authority"], `[::1]:${port}`);
});

it("headers and trailers of 60 kB come through; larger ones than 128 kB are an error, and the next call is served", async () => {
  const server = await startFaultServer();
  cleanUp.push(() => server.stop());
  const transport = open(server.endpoint);
  server.handle(PATH, (call) => {
    call.accept({ "x-large": "a".repeat(60_000) });
    call.send(Buffer.from("x"));
    call.end(0, "", { "x-last": "b".repeat(60_000) });
  });
  const { headers, trailers } = await unary(transport, PATH);
  assert.equal(headers?.find(([key]) => key === "x-large")?.[1].length, 60_000);
  assert.equal(trailers.find(([key]) => key === "x-last")?.[1].length, 60_000);
  server.handle(PATH, (call) => {
    call.accept(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`x-${i}`, "c".repeat(3_000)])));
  });
  const { error } = await unary(transport, PATH);
  assert.ok(error?.code === Status.INTERNAL || error?.code === Status.UNAVAILABLE, error?.message);
  server.handle(PATH, echo);
  assert.equal(String((await unary(transport, PATH, "x")).message), "x");
});

describe("pings", () => {
  /** Counts the pings that a server gets, and acknowledges none. */
  function countPings(session: ServerHttp2Session): () => number {
    let pings = 0;
    session.on("ping", () => {
      pings += 1;
    });
    return () => pings;
  }

  const OFTEN = { interval: 50, timeout: 5_000 };

  /** Starts a connection with a call that hangs. Returns a function that waits for six more of its pings. */
  async function startPinging(): Promise<() => Promise<void>> {
    const server = await startFaultServer();
    cleanUp.push(() => server.stop());
    server.handle(PATH, () => {});
    void unary(open(server.endpoint, { keepalive: OFTEN }), PATH);
    await server.reached(PATH, 1);
    const [session] = server.sessions;
    assert.ok(session);
    return async () => {
      for (let pings = 0; pings < 6; pings++) await once(session, "ping");
    };
  }

  it("are sent while there are calls, not before and not after", async () => {
    const server = await startFaultServer();
    cleanUp.push(() => server.stop());
    server.handle(PATH, echo);
    const pingsElsewhere = await startPinging();
    const transport = open(server.endpoint, { keepalive: OFTEN });
    await unary(transport, PATH);
    const [session] = server.sessions;
    assert.ok(session);
    const pings = countPings(session);
    await pingsElsewhere();
    assert.equal(pings(), 0, "pings without a call");
    server.handle(PATH, () => {});
    let cancel = (): void => {};
    const hanging = unary(transport, PATH, "x", { deadline: monotonicTime() + 60_000 }, (call) => {
      cancel = () => call.cancel();
    });
    await once(session, "ping");
    await once(session, "ping");
    cancel();
    await hanging;
    const before = pings();
    await pingsElsewhere();
    assert.ok(pings() - before <= 1, "pings after the call");
  });

  it("are fewer once a server has complained of them", async () => {
    /** How long after its settings a connection brought the first ping, in milliseconds. */
    const first: number[] = [];
    const server = createServer((socket) => {
      const started = performance.now();
      let isFirst = true;
      socket.write(SERVER_PREFACE);
      socket.on("data", (chunk: Buffer) => {
        if (!isFirst || !chunk.includes(Buffer.from("000008060000000000", "hex"))) return;
        isFirst = false;
        first.push(performance.now() - started);
        socket.write(
          frame(FrameType.GOAWAY, 0, 0, Buffer.concat([uint32(0), uint32(11), Buffer.from("too_many_pings")])),
        );
      });
    });
    const port = await listen(server);
    const transport = open(`127.0.0.1:${port}`, {
      connectTimeout: 60_000,
      keepalive: { interval: 100, timeout: 60_000 },
    });
    // Each goodbye leaves the call out, so that it goes on over the next connection.
    const { error } = await unary(transport, PATH, "x", { deadline: monotonicTime() + 60_000 });
    assert.equal(error?.message, "the server refused the call");
    assert.equal(first.length, 4);
    for (const [i, time] of first.entries()) assert.ok(time >= 95 * 2 ** i, `${time} ms on connection ${i}`);
  });
});

it("a server that allows fewer streams than it did gets another connection for more", async () => {
  const server = createServer((socket) => {
    socket.write(SERVER_PREFACE);
    let isFirst = true;
    socket.on("data", (chunk: Buffer) => {
      // The header of HEADERS with END_HEADERS.
      if (!isFirst || !chunk.includes(Buffer.from("0104000000", "hex"))) return;
      isFirst = false;
      const allowsOne = frame(FrameType.SETTINGS, 0, 0, Buffer.concat([Buffer.of(0, 3), uint32(1)]));
      socket.write(Buffer.concat([allowsOne, headers(1, [":status: 200", "content-type: application/grpc"])]));
    });
  });
  const transport = open(`127.0.0.1:${await listen(server)}`, { connectTimeout: 5_000 });
  for (let i = 0; i < 3; i++) {
    const recorder = new StreamRecorder();
    transport.stream("/test.Echo/Watch", callOptions(), recorder);
    await Promise.race([once(recorder, "headers"), recorder.over()]);
    assert.equal(recorder.error, undefined, `stream ${i}`);
  }
});

it("a server that allows no calls is as good as none: they go to another, or fail in time", async () => {
  const allowing = (streams: number): Buffer =>
    frame(FrameType.SETTINGS, 0, 0, Buffer.concat([Buffer.of(0, 3), uint32(streams)]));
  const closed = createServer((socket) => {
    socket.write(allowing(0));
    // The header of HEADERS with END_HEADERS, and of none of ours before.
    socket.on("data", (chunk: Buffer) => {
      if (!chunk.includes(Buffer.from("0104000000", "hex"))) return;
      const fields = [":status: 200", "content-type: application/grpc", "grpc-status: 5"];
      socket.write(headers(1, fields, true));
    });
  });
  const endpoint = `127.0.0.1:${await listen(closed)}`;
  const alone = open(endpoint, { connectTimeout: 500 });
  for (const isLong of [false, true]) {
    const { error } = await unary(alone, PATH, "", { deadline: undefined, isLong });
    assert.deepEqual([error?.code, error?.message], [Status.UNAVAILABLE, "no endpoint is reachable"]);
    assert.match(String(error?.cause), /the server allows no calls \(SETTINGS_MAX_CONCURRENT_STREAMS is 0\)/);
  }
  const server = await startFaultServer();
  cleanUp.push(() => server.stop());
  server.handle(PATH, echo);
  const both = grpcTransport({ channel: "lean", endpoints: [endpoint, server.endpoint], connectTimeout: 60_000 });
  cleanUp.push(() => both.close());
  for (let i = 0; i < 4; i++) assert.equal((await unary(both, PATH, "", { deadline: undefined })).error, undefined);
  const later = open(endpoint);
  const connected = once(closed, "connection");
  const waiting = unary(later, PATH, "", { deadline: undefined });
  const [socket]: Socket[] = await connected;
  assert.ok(socket);
  await once(socket, "data");
  socket.write(allowing(1));
  assert.equal((await waiting).error?.code, Status.NOT_FOUND);
});

it("a server that ends connections in order, after a call each, is connected to again at once", async () => {
  const server = await startFaultServer();
  cleanUp.push(() => server.stop());
  server.handle(PATH, async (call) => {
    await echo(call);
    call.stream.session?.goaway(0);
  });
  const transport = open(server.endpoint);
  const start = performance.now();
  for (let i = 0; i < 60; i++) {
    const { error } = await unary(transport, PATH, "x", { deadline: monotonicTime() + 60_000 });
    assert.equal(error, undefined, `call ${i}`);
  }
  // With pauses as behind a server that fails it would be a minute.
  assert.ok(performance.now() - start < 25_000);
});
