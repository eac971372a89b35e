import assert from "node:assert/strict";
import { once } from "node:events";
import { constants } from "node:http2";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Status } from "../../../runtime/core/errors/status.js";
import { monotonicTime } from "../../../runtime/core/timers/monotonic-time.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import type { CallOptions, StreamCall, Transport } from "../../../runtime/core/transport/transport.js";
import { type FaultServer, frame, startFaultServer } from "../../faults/fault-server.js";
import { CHANNELS } from "./channels.js";
import { callOptions, StreamRecorder } from "./recorded-calls.js";

for (const channel of CHANNELS) {
  describe(`over ${channel}`, () => {
    const PATH = "/test.Echo/Stream";
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

    function open(options: Partial<CallOptions> = {}): { call: StreamCall; recorder: StreamRecorder } {
      const recorder = new StreamRecorder();
      const call = transport.stream(PATH, callOptions({ deadline: undefined, ...options }), recorder);
      assert.equal(recorder.ends, 0);
      return { call, recorder };
    }

    test("messages go both ways at once, in order, until both sides have ended", async () => {
      server.handle(PATH, async (call) => {
        call.accept({ "x-first": "a" });
        for await (const message of call.messages()) call.send(Buffer.from(`re: ${message}`));
        call.end(0, "", { "x-last": "z" });
      });
      const { call, recorder } = open();
      await once(recorder, "headers");
      assert.ok(recorder.headers?.some(([key, value]) => key === "x-first" && value === "a"));
      for (let i = 0; i < 3; i++) {
        call.send(Buffer.from(`${i}`));
        await recorder.count(i + 1);
      }
      for (let i = 3; i < 200; i++) call.send(Buffer.from(`${i}`));
      call.end();
      call.end();
      await recorder.over();
      assert.equal(recorder.error, undefined);
      assert.deepEqual(
        recorder.texts,
        Array.from({ length: 200 }, (_, i) => `re: ${i}`),
      );
      assert.deepEqual(recorder.trailers, [["x-last", "z"]]);
    });

    test("empty messages count", async () => {
      server.handle(PATH, async (call) => {
        for await (const message of call.messages()) call.send(message);
        call.end(0);
      });
      const { call, recorder } = open();
      for (const text of ["", "a", "", ""]) call.send(Buffer.from(text));
      call.end();
      await recorder.over();
      assert.deepEqual(recorder.texts, ["", "a", "", ""]);
    });

    test("a client stream: many messages, one response", async () => {
      server.handle(PATH, async (call) => {
        let sum = 0;
        for await (const message of call.messages()) sum += message.length;
        call.answer(Buffer.from(`${sum}`));
      });
      const { call, recorder } = open();
      for (let i = 0; i < 50; i++) call.send(Buffer.alloc(1000));
      call.end();
      await recorder.over();
      assert.deepEqual(recorder.texts, ["50000"]);
    });

    test("a server stream with no message ends cleanly", async () => {
      server.handle(PATH, (call) => call.end(0));
      const { call, recorder } = open();
      call.send(Buffer.from("x"));
      call.end();
      await recorder.over();
      assert.equal(recorder.error, undefined);
      assert.equal(recorder.received, 0);
    });

    test("an error before the first message and one in the middle come after what was sent", async () => {
      server.handle(PATH, (call) => call.end(Status.PERMISSION_DENIED, "etcdserver: permission denied"));
      const early = open();
      await early.recorder.over();
      assert.equal(early.recorder.error?.code, Status.PERMISSION_DENIED);
      assert.equal(early.recorder.error?.message, "etcdserver: permission denied");

      server.handle(PATH, (call) => {
        for (let i = 0; i < 5; i++) call.send(Buffer.from(`${i}`));
        call.end(Status.OUT_OF_RANGE, "compacted");
      });
      const late = open();
      await late.recorder.over();
      assert.equal(late.recorder.error?.message, "compacted");
    });

    test("a stream that is cut in the middle is never a clean end", async () => {
      for (const cut of ["reset", "cut", "end without status"] as const) {
        server.handle(PATH, (call) => {
          call.send(Buffer.from("one"));
          call.sendRaw(frame(Buffer.alloc(1000)).subarray(0, 100));
          call.onceRead(() => {
            if (cut === "reset") call.reset();
            else if (cut === "cut") call.cut();
            else call.stream.end();
          });
        });
        const { recorder } = open();
        await recorder.over();
        assert.deepEqual(recorder.texts, ["one"]);
        assert.notEqual(recorder.error, undefined, cut);
        if (cut === "cut") {
          assert.equal(recorder.error?.code, Status.UNAVAILABLE);
          assert.equal(recorder.error?.message, "the connection to the server broke");
        }
      }
    });

    test("cancel ends the stream at once, here and at the server", async () => {
      server.handle(PATH, (call) => void call.send(Buffer.from("x")));
      const { call, recorder } = open();
      await recorder.count(1);
      call.cancel();
      assert.equal(recorder.ends, 0, "not from within cancel");
      await recorder.over();
      assert.equal(recorder.error?.code, Status.CANCELLED);
      assert.equal(await server.calls.at(-1)?.closed, constants.NGHTTP2_CANCEL);
      call.cancel();
      call.send(Buffer.from("x"));
      call.end();
      call.pause();
      call.resume();
      // No second end may come.
      await delay(20);
      assert.equal(recorder.ends, 1);
    });

    test("cancel right after the start leaves nothing open at the server", async () => {
      server.handle(PATH, (call) => call.accept());
      const { call, recorder } = open();
      call.send(Buffer.from("x"));
      call.cancel();
      await recorder.over();
      server.handle("/test.Echo/Next", (next) => next.end(0));
      const next = new StreamRecorder();
      transport.stream("/test.Echo/Next", callOptions(), next);
      await next.over();
      for (const each of server.calls) await each.closed;
    });

    test("a deadline ends a stream", async () => {
      server.handle(PATH, (call) => void call.send(Buffer.from("x")));
      const { recorder } = open({ deadline: monotonicTime() + 150 });
      await recorder.over();
      assert.equal(recorder.received, 1);
      assert.equal(recorder.error?.code, Status.DEADLINE_EXCEEDED);
    });

    test("a server that responds before the client has ended: the end is heard, the rest goes nowhere", async () => {
      server.handle(PATH, async (call) => {
        const { value } = await call.messages().next();
        call.send(value ?? Buffer.alloc(0));
        call.end(0);
      });
      const { call, recorder } = open();
      call.send(Buffer.from("first"));
      await recorder.over();
      for (let i = 0; i < 10; i++) call.send(Buffer.from("more"));
      call.end();
      assert.equal(recorder.error, undefined);
      assert.deepEqual(recorder.texts, ["first"]);
    });

    test("pause holds the server back; after resume every message comes, in order", async () => {
      const size = 16 * 1024;
      const total = 2_000;
      let sent = 0;
      server.handle(PATH, async (call) => {
        for (; sent < total; sent++) {
          const message = Buffer.alloc(size);
          message.writeUInt32BE(sent);
          if (!call.send(message)) await once(call.stream, "drain");
        }
        call.end(0);
      });
      const { call, recorder } = open();
      recorder.keep = false;
      let next = 0;
      recorder.on("message", (message: Buffer) => {
        assert.equal(message.readUInt32BE(), next);
        next += 1;
      });
      await recorder.count(3);
      call.pause();
      const paused = recorder.received;
      const rss = process.memoryUsage().rss;
      let before = -1;
      // The server stalls once the windows are full.
      while (before !== sent) {
        before = sent;
        await delay(100);
      }
      assert.ok(recorder.received <= paused + 1, "at most the message under way arrives");
      assert.ok((sent - paused) * size < 2 * 1024 * 1024, `${sent - paused} messages were sent to a paused client`);
      assert.ok(process.memoryUsage().rss - rss < 16 * 1024 * 1024);
      call.resume();
      await recorder.over();
      assert.equal(recorder.error, undefined);
      assert.equal(next, total);
    });

    test("a paused stream holds up no other on its connection", async () => {
      let sent = 0;
      server.handle(PATH, async (call) => {
        for (let i = 0; i < 100; i++, sent++) {
          if (!call.send(Buffer.alloc(16 * 1024))) await once(call.stream, "drain");
        }
        call.end(0);
      });
      const paused = Array.from({ length: 8 }, open);
      for (const { call } of paused) call.pause();
      // The server stalls once the windows are full.
      for (let before = -1; before !== sent; await delay(100)) before = sent;
      const { recorder } = open();
      await recorder.over();
      assert.equal(recorder.received, 100);
      for (const { call } of paused) call.resume();
      for (const each of paused) {
        await each.recorder.over();
        assert.equal(each.recorder.received, 100);
      }
    });

    test("pause before the response begins lets the headers through, one message at most, and no end", async () => {
      server.handle(PATH, (call) => {
        call.send(Buffer.from("x"));
        call.send(Buffer.from("y"));
        call.end(0);
      });
      const { call, recorder } = open();
      call.pause();
      await once(recorder, "headers");
      // No second message and no end may come.
      await delay(30);
      assert.ok(recorder.received <= 1);
      assert.equal(recorder.ends, 0);
      call.resume();
      await recorder.over();
      assert.deepEqual(recorder.texts, ["x", "y"]);
    });

    test("send asks to wait while the server does not read, and says when to go on", async () => {
      let read = (): void => {};
      const reading = new Promise<void>((resolve) => {
        read = resolve;
      });
      server.handle(PATH, async (call) => {
        await reading;
        let bytes = 0;
        for await (const message of call.messages()) bytes += message.length;
        call.answer(Buffer.from(`${bytes}`));
      });
      const { call, recorder } = open();
      const message = Buffer.alloc(16 * 1024);
      let sent = 0;
      const more = async (): Promise<void> => {
        for (; sent < 1_000; sent++) {
          if (!call.send(message)) {
            sent += 1;
            return;
          }
        }
      };
      await more();
      // What is on the way, and then in the buffers, is bounded.
      for (let idle = 0; idle < 5; idle++) {
        const drains = recorder.drains;
        await delay(30);
        if (recorder.drains > drains) {
          idle = -1;
          await more();
        }
      }
      assert.ok(sent * message.length < 512 * 1024, `${sent} messages were taken for a server that reads none`);
      read();
      while (sent < 1_000) {
        await once(recorder, "drain");
        await more();
      }
      call.end();
      await recorder.over();
      assert.deepEqual(recorder.texts, [`${1_000 * message.length}`]);
    });

    test("empty messages fill the buffer too", async () => {
      const unreachable = grpcTransport({ channel, endpoints: ["127.0.0.1:1"] });
      const recorder = new StreamRecorder();
      const call = unreachable.stream(PATH, callOptions({ deadline: undefined }), recorder);
      let sent = 1;
      while (sent < 1_000 && call.send(Buffer.alloc(0))) sent += 1;
      assert.ok(sent < 1_000, `${sent} messages were taken`);
      call.cancel();
      await recorder.over();
      unreachable.close();
    });

    test("messages that waited for a connection leave room when they are sent", async () => {
      const later = grpcTransport({ channel, endpoints: [server.endpoint] });
      server.handle(PATH, async (call) => {
        let count = 0;
        for await (const _ of call.messages()) count += 1;
        call.answer(Buffer.from(String(count)));
      });
      const recorder = new StreamRecorder();
      const call = later.stream(PATH, callOptions(), recorder);
      let sent = 1;
      while (call.send(Buffer.alloc(10))) sent += 1;
      await once(recorder, "drain");
      call.end();
      await recorder.over();
      assert.deepEqual(recorder.texts, [String(sent)]);
      later.close();
    });

    test("messages and the end may be given before there is a connection", async () => {
      const later = grpcTransport({ channel, endpoints: [server.endpoint] });
      server.handle(PATH, async (call) => {
        for await (const message of call.messages()) call.send(message);
        call.end(0);
      });
      const recorder = new StreamRecorder();
      const call = later.stream(PATH, callOptions(), recorder);
      for (const text of ["a", "b", "c"]) call.send(Buffer.from(text));
      call.end();
      await recorder.over();
      assert.deepEqual(recorder.texts, ["a", "b", "c"]);
      later.close();
    });
  });
}
