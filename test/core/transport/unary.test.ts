import assert from "node:assert/strict";
import { constants } from "node:http2";
import { after, before, describe, test } from "node:test";
import { Status } from "../../../runtime/core/errors/status.js";
import { monotonicTime } from "../../../runtime/core/timers/monotonic-time.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import type { Transport } from "../../../runtime/core/transport/transport.js";
import { type FaultCall, type FaultServer, frame, startFaultServer } from "../../faults/fault-server.js";
import { CHANNELS } from "./channels.js";
import { unary } from "./recorded-calls.js";

for (const channel of CHANNELS) {
  describe(`over ${channel}`, () => {
    const PATH = "/test.Echo/Unary";
    let server: FaultServer;
    let transport: Transport;

    before(async () => {
      server = await startFaultServer();
      transport = grpcTransport({ channel, endpoints: [server.endpoint] });
    });

    after(async () => {
      transport.close();
      await server.stop();
    });

    test("a message goes there and comes back, with headers and trailers", async () => {
      server.handle(PATH, async (call) => {
        const request = await call.request();
        call.accept({ "x-first": ["a", "b"], "x-bytes-bin": Buffer.from([0, 255]).toString("base64") });
        call.send(request);
        call.end(0, "", { "x-last": "c" });
      });
      const { message, headers, trailers } = await unary(transport, PATH, "hello", {
        metadata: [
          ["token", "t"],
          ["token", "u"],
          ["blob-bin", Buffer.from([1, 2, 250])],
        ],
      });
      assert.equal(String(message), "hello");
      const received = server.calls.at(-1)?.headers;
      assert.equal(received?.["token"], "t, u");
      assert.equal(received?.["blob-bin"], Buffer.from([1, 2, 250]).toString("base64"));
      assert.match(String(received?.["grpc-timeout"]), /^\d+m$/);
      assert.deepEqual(
        headers?.filter(([key]) => key.startsWith("x-")),
        [
          ["x-first", "a, b"],
          ["x-bytes-bin", Buffer.from([0, 255])],
        ],
      );
      assert.deepEqual(trailers, [["x-last", "c"]]);
    });

    test("an empty message and one of 12 MB arrive whole", async () => {
      server.handle(PATH, async (call) => call.answer(await call.request()));
      assert.equal((await unary(transport, PATH, "")).message?.length, 0);
      const large = Buffer.alloc(12 * 1024 * 1024, "0123456789");
      const { message } = await unary(transport, PATH, large);
      assert.ok(message?.equals(large));
    });

    test("no grpc-timeout is sent without a deadline", async () => {
      server.handle(PATH, async (call) => call.answer(await call.request()));
      await unary(transport, PATH, "x", { deadline: undefined });
      assert.equal(server.calls.at(-1)?.headers["grpc-timeout"], undefined);
    });

    const failures = Object.entries(Status).filter(([, code]) => code !== Status.OK);
    for (const [name, code] of failures) {
      test(`${name} comes back with the server's text, at once and after headers`, async () => {
        const text = `etcdserver: ${name} with 100%25 of ümlauts`;
        const sent = encodeURI(`etcdserver: ${name} with 100%25 of ümlauts`);
        server.handle(PATH, (call) => call.end(code, sent, { "x-why": "z" }));
        const atOnce = await unary(transport, PATH);
        assert.equal(atOnce.error?.code, code);
        assert.equal(atOnce.error?.message, text);
        assert.ok(atOnce.trailers.some(([key, value]) => key === "x-why" && value === "z"));

        server.handle(PATH, (call) => {
          call.send(Buffer.from("half a response"));
          call.end(code, sent);
        });
        const late = await unary(transport, PATH);
        assert.equal(late.error?.code, code);
        assert.equal(late.error?.message, text);
      });
    }

    test("a status outside the standard is UNKNOWN", async () => {
      for (const status of [17, 99, -1, 1.5]) {
        server.handle(PATH, (call) => call.end(status, "odd"));
        const { error } = await unary(transport, PATH);
        assert.equal(error?.code, Status.UNKNOWN, `status ${status}`);
        assert.equal(error?.message, "odd");
      }
    });

    test("status details are read, and garbage in their place is passed over", async () => {
      const detail = Buffer.from("0801120362616412190a0c747970652e782f4572726f7212090a0776616c756573", "hex");
      const status = Buffer.concat([
        Buffer.from("08031203626164", "hex"),
        any("type.x/Error", "payload"),
        any("t/u", ""),
      ]);
      server.handle(PATH, (call) => {
        call.end(3, "bad", { "grpc-status-details-bin": status.toString("base64") });
      });
      const { error, trailers } = await unary(transport, PATH);
      assert.deepEqual(
        error?.details.map(({ typeUrl, value }) => [typeUrl, Buffer.from(value).toString()]),
        [
          ["type.x/Error", "payload"],
          ["t/u", ""],
        ],
      );
      assert.ok(trailers.every(([key]) => !key.startsWith("grpc-")));

      server.handle(PATH, (call) => {
        call.end(3, "bad", { "grpc-status-details-bin": detail.subarray(0, 9).toString("base64") });
      });
      const garbled = await unary(transport, PATH);
      assert.equal(garbled.error?.message, "bad");
      assert.deepEqual(garbled.error?.details, []);
    });

    function any(typeUrl: string, value: string): Buffer {
      const body = Buffer.concat([
        Buffer.from([0x0a, typeUrl.length]),
        Buffer.from(typeUrl),
        Buffer.from([0x12, value.length]),
        Buffer.from(value),
      ]);
      return Buffer.concat([Buffer.from([0x1a, body.length]), body]);
    }

    test("the deadline ends a call that hangs, and cancels it at the server", async () => {
      for (const hang of [
        () => {},
        (call: FaultCall) => call.accept(),
        (call: FaultCall) => void call.send(Buffer.of(1)),
      ]) {
        server.handle(PATH, hang);
        const { error } = await unary(transport, PATH, "x", { deadline: monotonicTime() + 100 });
        assert.equal(error?.code, Status.DEADLINE_EXCEEDED);
        assert.equal(error?.message, "context deadline exceeded");
        assert.equal(await server.calls.at(-1)?.closed, constants.NGHTTP2_CANCEL);
      }
    });

    test("a deadline that has passed ends the call without a word to the server", async () => {
      const before = server.count(PATH);
      const { error } = await unary(transport, PATH, "x", { deadline: monotonicTime() - 1_000 });
      assert.equal(error?.code, Status.DEADLINE_EXCEEDED);
      assert.equal(server.count(PATH), before);
    });

    test("cancel ends the call at once, here and at the server", async () => {
      const path = "/test.Echo/Canceled";
      server.handle(path, () => {});
      const outcome = unary(transport, path, "x", {}, (call) => {
        void server.reached(path, 1).then(() => {
          call.cancel();
          call.cancel();
        });
      });
      assert.equal((await outcome).error?.code, Status.CANCELLED);
      assert.equal(await server.calls.at(-1)?.closed, constants.NGHTTP2_CANCEL);
    });

    test("cancel right after the start leaves nothing open at the server", async () => {
      const path = "/test.Echo/CanceledEarly";
      const { error } = await unary(transport, path, "x", {}, (call) => call.cancel());
      assert.equal(error?.code, Status.CANCELLED);
      server.handle(PATH, async (call) => call.answer(await call.request()));
      await unary(transport, PATH, "x");
      for (const call of server.calls) await call.closed;
    });

    test("cancel after the end does nothing", async () => {
      server.handle(PATH, async (call) => call.answer(await call.request()));
      let cancel = (): void => {};
      const { message } = await unary(transport, PATH, "x", {}, (call) => {
        cancel = () => call.cancel();
      });
      cancel();
      assert.equal(String(message), "x");
    });

    const odd: readonly [what: string, handler: (call: FaultCall) => void, code: number, message: RegExp][] = [
      [
        "no response message",
        (call) => {
          call.accept();
          call.end(0);
        },
        Status.INTERNAL,
        /^the server sent no response/,
      ],
      [
        "two response messages",
        (call) => {
          call.send(Buffer.of(1));
          call.send(Buffer.of(2));
          call.end(0);
        },
        Status.INTERNAL,
        /^the server sent more than one response/,
      ],
      [
        "a web page",
        (call) => {
          call.answerHttp(404, "<html>no such page, and quite long</html>");
        },
        Status.UNIMPLEMENTED,
        /^Received HTTP status code 404$/,
      ],
      [
        "a bad gateway",
        (call) => {
          call.answerHttp(502, "no");
        },
        Status.UNAVAILABLE,
        /^Received HTTP status code 502$/,
      ],
      [
        "no status",
        (call) => {
          call.accept();
          call.stream.end();
        },
        Status.INTERNAL,
        /without gRPC status/,
      ],
      [
        "a compressed message without a word about it",
        (call) => {
          call.sendRaw(frame(Buffer.from("x"), true));
          call.end(0);
        },
        Status.INTERNAL,
        /^the response could not be decompressed$/,
      ],
      [
        "a malformed gzip message",
        (call) => {
          call.accept({ "grpc-encoding": "gzip" });
          call.sendRaw(frame(Buffer.from("x"), true));
          call.end(0);
        },
        Status.INTERNAL,
        /decompress/,
      ],
      [
        "an unknown compression",
        (call) => {
          call.accept({ "grpc-encoding": "br" });
          call.sendRaw(frame(Buffer.from("x"), true));
          call.end(0);
        },
        Status.INTERNAL,
        /decompressed/,
      ],
      [
        "a truncated message",
        (call) => {
          call.sendRaw(frame(Buffer.alloc(100)).subarray(0, 50));
          call.end(0);
        },
        Status.INTERNAL,
        /no response|ends in the middle/,
      ],
      [
        "RST_STREAM PROTOCOL_ERROR",
        (call) => {
          call.reset(1);
        },
        Status.INTERNAL,
        /^Received RST_STREAM with code 1/,
      ],
      [
        "RST_STREAM INTERNAL_ERROR",
        (call) => {
          call.reset(2);
        },
        Status.INTERNAL,
        /^Received RST_STREAM with code 2/,
      ],
      [
        "RST_STREAM CANCEL",
        (call) => {
          call.reset(8);
        },
        Status.UNAVAILABLE,
        /^the connection to the server broke$/,
      ],
      [
        "RST_STREAM ENHANCE_YOUR_CALM",
        (call) => {
          call.reset(11);
        },
        Status.RESOURCE_EXHAUSTED,
        /^Bandwidth exhausted/,
      ],
      [
        "a connection cut",
        (call) => {
          call.cut();
        },
        Status.UNAVAILABLE,
        /^the connection to the server broke$/,
      ],
      [
        "a connection cut after headers",
        (call) => {
          call.accept();
          setImmediate(() => call.cut());
        },
        Status.UNAVAILABLE,
        /^the connection to the server broke$/,
      ],
    ];
    for (const [what, handler, code, message] of odd) {
      test(`the response is ${what}: one error`, async () => {
        server.handle(PATH, handler);
        const { error } = await unary(transport, PATH, "x", { deadline: monotonicTime() + 60_000 });
        assert.equal(error?.code, code);
        assert.match(error?.message ?? "", message);
        assert.doesNotMatch(error?.message ?? "", /127\.0\.0\.1|\n/);
      });
    }

    test("metadata that cannot travel is left out, and no other call suffers", async () => {
      server.handle(PATH, async (call) => call.answer(await call.request()));
      const sessions = [...server.sessions];
      const { message } = await unary(transport, PATH, "x", {
        metadata: [
          ["authorization", "one"],
          ["authorization", "two"],
          ["age", "1"],
          ["age", "2"],
          ["connection", "close"],
          ["te", "gzip"],
          ["host", "elsewhere"],
          [":path", "/elsewhere"],
          ["grpc-timeout", "1n"],
          ["Upper", "x"],
          ["", "x"],
          ["line", "a\r\nb: c"],
          ["umlaut", "ü"],
          ["text-bin", "not bytes"],
          ["bytes", Buffer.of(1)],
          ["good", "x"],
        ],
      });
      assert.equal(String(message), "x");
      const headers = server.calls.at(-1)?.headers ?? {};
      assert.equal(headers.authorization, "one");
      assert.equal(headers.age, "1");
      assert.equal(headers["good"], "x");
      assert.equal(headers[":path"], PATH);
      assert.notEqual(headers["grpc-timeout"], "1n");
      for (const key of ["connection", "line", "umlaut", "text-bin", "bytes", "upper"]) {
        assert.equal(headers[key], undefined, key);
      }
      assert.ok(
        sessions.every((session) => server.sessions.has(session)),
        "the connection was dropped",
      );
    });
  });
}
