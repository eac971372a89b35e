import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { RangeResponse } from "../../generated/index.js";
import { CHANNELS } from "../core/transport/channels.js";
import { startGateway } from "../e2e/gateway.js";
import { at } from "../http/etcd-json.js";
import { postStream } from "../http/json-stream.js";
import { type JsonResponse, post } from "../http/requests.js";
import { type FaultCall, frame, startFaultServer } from "./fault-server.js";

for (const channel of CHANNELS) {
  describe(`over ${channel}`, () => {
    const RANGE = "/etcdserverpb.KV/Range";
    const SNAPSHOT = "/etcdserverpb.Maintenance/Snapshot";
    const range = RangeResponse.encode(RangeResponse.create({ count: "1" })).finish();

    /*
     * What a server may send in place of gRPC: each is one error, and the gateway serves on. (node:test fails a test during
     * which there is an uncaught exception or an unhandled rejection.)
     */

    /** An HTTP/2 frame. */
    function http2Frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
      const head = Buffer.alloc(9);
      head.writeUIntBE(payload.length, 0, 3);
      head[3] = type;
      head[4] = flags;
      head.writeUInt32BE(stream, 5);
      return Buffer.concat([head, payload]);
    }

    const SETTINGS = http2Frame(4, 0, 0, Buffer.alloc(0));
    const ACK = http2Frame(4, 1, 0, Buffer.alloc(0));

    const CONNECTIONS: Readonly<Record<string, (socket: Socket) => void>> = {
      "an HTTP/1.1 server": (socket) => socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
      "a server of something else": (socket) => socket.write("220 mail.example ESMTP\r\n"),
      "random bytes": (socket) => socket.write(randomBytes(100_000)),
      "a TLS alert": (socket) => socket.end(Buffer.of(0x15, 3, 1, 0, 2, 2, 40)),
      "an end at once": (socket) => socket.end(),
      "a reset at once": (socket) => socket.resetAndDestroy(),
      silence: () => {},
      "settings, and then silence": (socket) => socket.write(Buffer.concat([SETTINGS, ACK])),
      "settings that are none": (socket) => socket.write(http2Frame(4, 0, 0, Buffer.alloc(5))),
      "a frame that is too long": (socket) =>
        socket.write(Buffer.concat([SETTINGS, Buffer.of(0xff, 0xff, 0xff, 0, 0)])),
      "headers on a stream that there is not": (socket) =>
        socket.write(Buffer.concat([SETTINGS, ACK, http2Frame(1, 4, 7, Buffer.of(0x88))])),
      "headers that cannot be decompressed": (socket) =>
        socket.write(Buffer.concat([SETTINGS, ACK, http2Frame(1, 4, 1, Buffer.alloc(100, 0xff))])),
      "a flood of pings and settings": (socket) =>
        socket.write(
          Buffer.concat([
            SETTINGS,
            ACK,
            ...Array(20_000).fill(http2Frame(6, 0, 0, Buffer.alloc(8))),
            ...Array(5_000).fill(SETTINGS),
          ]),
        ),
      "a goodbye at once": (socket) =>
        socket.write(Buffer.concat([SETTINGS, ACK, http2Frame(7, 0, 0, Buffer.from([0, 0, 0, 0, 0, 0, 0, 0]))])),
      "a window that overflows": (socket) =>
        socket.write(
          Buffer.concat([SETTINGS, ACK, ...Array(3).fill(http2Frame(8, 0, 0, Buffer.from("7fffffff", "hex")))]),
        ),
    };

    test("whatever responds on the endpoint's port, a call is one error, and when etcd does, it is served", async (t) => {
      let speak: (socket: Socket) => void = () => {};
      const sockets = new Set<Socket>();
      const impostor = createServer((socket) => {
        sockets.add(socket);
        socket.on("error", () => {});
        socket.resume();
        speak(socket);
      });
      const listen = async (): Promise<number> => {
        impostor.listen(0, "127.0.0.1");
        await once(impostor, "listening");
        const { port } = impostor.address() as AddressInfo;
        return port;
      };
      const port = await listen();
      const gateway = await startGateway({
        channel,
        endpoints: [`127.0.0.1:${port}`],
        timeouts: { connect: 500, unary: 1_500 },
      });
      t.after(() => gateway.close());
      const stop = async (): Promise<void> => {
        const closed = new Promise((resolve) => impostor.close(resolve));
        for (const socket of sockets) socket.destroy();
        await closed;
      };
      for (const [what, answer] of Object.entries(CONNECTIONS)) {
        speak = answer;
        for (const socket of sockets) socket.destroy();
        const { status, json } = await post(`${gateway.url}/v3/kv/range`);
        assert.ok([503, 504, 500].includes(status), `${what}: ${status}`);
        assert.equal(typeof at(json, "code"), "number", what);
        assert.doesNotMatch(JSON.stringify(json), /127\.0\.0\.1|\\n/);
      }
      await stop();
      const server = await startFaultServer({ port });
      t.after(() => server.stop());
      server.handle(RANGE, (call) => call.answer(range));
      const deadline = Date.now() + 60_000;
      let answer: JsonResponse;
      do answer = await post(`${gateway.url}/v3/kv/range`);
      while (answer.status !== 200 && Date.now() < deadline);
      assert.equal(answer.status, 200, JSON.stringify(answer.json));
    });

    const huge = Buffer.alloc(5);
    huge.writeUInt32BE(0xffffffff, 1);

    const CALLS: Readonly<Record<string, (call: FaultCall) => void>> = {
      "no protobuf": (call) => call.answer(Buffer.from([0x0f, 0xff, 0xff])),
      "a field that is longer than its message": (call) => call.answer(Buffer.from([0x12, 0x7f, 1])),
      "protobuf without end": (call) => call.answer(Buffer.alloc(100_000, 0x0b)),
      "text that is no UTF-8, where there should be some": (call) => call.answer(Buffer.from([0x0a, 2, 0xff, 0xff])),
      "a message of 4 GiB, of which a byte comes": (call) => {
        call.sendRaw(Buffer.concat([huge, Buffer.of(1)]));
        call.end(0);
      },
      "half a frame's head": (call) => {
        call.sendRaw(Buffer.of(0, 0));
        call.end(0);
      },
      "bytes of no frame": (call) => {
        call.sendRaw(Buffer.alloc(1_000, 0xee));
        call.end(0);
      },
      "gzip that is broken off": (call) => {
        call.accept({ "grpc-encoding": "gzip" });
        call.sendRaw(frame(gzipSync(randomBytes(1_000)).subarray(0, 500), true));
        call.end(0);
      },
      "a web page, with gRPC's name": (call) => {
        call.stream.respond({ ":status": 200, "content-type": "application/grpc" });
        call.stream.end("<html>404</html>");
      },
      "a web page": (call) => call.answerHttp(404, "<html>404</html>", { "content-length": "16" }),
      "a redirect": (call) => call.answerHttp(302, "", { location: "http://evil.example" }),
      "a status that is no number": (call) => {
        call.stream.respond(
          { ":status": 200, "content-type": "application/grpc", "grpc-status": "x" },
          { endStream: true },
        );
      },
      "a reset": (call) => call.reset(),
      "a broken connection": (call) => call.cut(),
    };

    /** What says to be longer than any message may be. */
    const TOO_LONG: ReadonlySet<string> = new Set(["a message of 4 GiB, of which a byte comes", "bytes of no frame"]);

    /** On a stream grpc-js takes them for the end of it, as the status after them says. */
    const ONLY_UNARY: ReadonlySet<string> = new Set(["half a frame's head"]);

    test("whatever a server responds to a call, it is one error, and the next call is served", async (t) => {
      const server = await startFaultServer();
      const gateway = await startGateway({ channel, endpoints: [server.endpoint], timeouts: { unary: 5_000 } });
      t.after(async () => {
        await gateway.close();
        await server.stop();
      });
      for (const [what, answer] of Object.entries(CALLS)) {
        server.handle(RANGE, answer);
        const { status, headers, json } = await post(`${gateway.url}/v3/kv/range`);
        assert.ok(
          status >= 500 || (TOO_LONG.has(what) && status === 429),
          `${what}: ${status} ${JSON.stringify(json)}`,
        );
        assert.equal(headers["content-type"], "application/json");
        assert.equal(typeof at(json, "code"), "number", what);
        assert.doesNotMatch(JSON.stringify(json), /127\.0\.0\.1|<html>|\\n/);

        if (!ONLY_UNARY.has(what)) {
          server.handle(SNAPSHOT, answer);
          const messages = await postStream(`${gateway.url}/v3/maintenance/snapshot`, {}).rest();
          assert.ok(messages.length > 0, what);
          assert.equal(typeof at(messages.at(-1), "error", "code"), "number", what);
        }

        server.handle(RANGE, (call) => call.answer(range));
        assert.equal((await post(`${gateway.url}/v3/kv/range`)).status, 200, what);
      }
    });
  });
}
