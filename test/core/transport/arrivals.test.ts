import assert from "node:assert/strict";
import { constants } from "node:http2";
import { after, before, describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Status } from "../../../runtime/core/errors/status.js";
import { monotonicTime } from "../../../runtime/core/timers/monotonic-time.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import type { Arrival, Arrivals, StreamCall, Transport } from "../../../runtime/core/transport/transport.js";
import { type FaultCall, type FaultServer, startFaultServer } from "../../faults/fault-server.js";
import { until } from "../../until.js";
import { CHANNELS } from "./channels.js";
import { callOptions, StreamRecorder, unary } from "./recorded-calls.js";

const ECHO = "/test.Echo/Echo";
const LARGE = "/test.Echo/Large";
const MIB = 1 << 20;

/** More than all windows and buffers between the server and the call take. */
const message = Buffer.alloc(8 * MIB, "message");

/** Lets messages arrive when a test says so. */
class Gate implements Arrivals {
  /** The sizes of the messages that began to arrive. */
  readonly begun: number[] = [];
  /** The number of messages that have not ended. */
  open = 0;
  isOpen: boolean;
  readonly #waiting = new Set<() => void>();
  #wake: () => void = () => {};

  constructor(isOpen: boolean) {
    this.isOpen = isOpen;
  }

  begin(length: number, onRoom: () => void): Arrival {
    this.begun.push(length);
    this.open += 1;
    let waits = !this.isOpen;
    const go = (): void => {
      waits = false;
      onRoom();
    };
    if (waits) this.#waiting.add(go);
    this.#wake();
    return {
      get waits() {
        return waits;
      },
      end: () => {
        this.open -= 1;
        this.#waiting.delete(go);
        this.#wake();
      },
    };
  }

  /** Lets the waiting messages arrive, and all later ones. */
  release(): void {
    this.isOpen = true;
    for (const go of this.#waiting) go();
    this.#waiting.clear();
  }

  async until(condition: (gate: this) => boolean): Promise<void> {
    while (!condition(this)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

for (const channel of CHANNELS) {
  describe(`large messages over ${channel}`, () => {
    let server: FaultServer;
    let transport: Transport;

    before(async () => {
      server = await startFaultServer();
      transport = grpcTransport({ channel, endpoints: [server.endpoint] });
      server.handle(ECHO, async (call) => call.answer(await call.request()));
    });

    after(async () => {
      transport.close();
      await server.stop();
    });

    function open(gate: Gate, deadline?: number): { call: StreamCall; recorder: StreamRecorder } {
      const recorder = new StreamRecorder();
      const call = transport.stream(LARGE, callOptions({ deadline, arrivals: gate }), recorder);
      call.send(Buffer.from("go"));
      return { call, recorder };
    }

    /** Makes calls that share the connection, so that everything that may arrive has time to. */
    async function otherCalls(): Promise<void> {
      for (let i = 0; i < 30; i++) assert.equal(String((await unary(transport, ECHO, `${i}`)).message), `${i}`);
    }

    test("the response of a unary call waits for room, and other calls go on", async () => {
      let served: FaultCall | undefined;
      server.handle(LARGE, async (call) => {
        await call.request();
        served = call;
        call.answer(message);
      });
      const gate = new Gate(false);
      let isOver = false;
      const outcome = unary(transport, LARGE, "", { arrivals: gate }).finally(() => {
        isOver = true;
      });
      await gate.until(({ begun }) => begun.length > 0);
      await otherCalls();
      assert.equal(isOver, false);
      assert.ok((served?.stream.writableLength ?? 0) > 0, "the server could send all of it");
      gate.release();
      assert.ok((await outcome).message?.equals(message));
      assert.deepEqual(gate.begun, [message.length]);
      assert.equal(gate.open, 0);
    });

    test("each message of a stream waits for room, between short ones that do not", async () => {
      const stream = [Buffer.from("a"), message, Buffer.from("b"), Buffer.alloc(60 * 1024, "c"), message];
      server.handle(LARGE, (call) => {
        for (const each of stream) call.send(each);
        call.end(0);
      });
      const gate = new Gate(false);
      const { recorder } = open(gate);
      await recorder.count(1);
      await gate.until(({ open: count }) => count > 0);
      await otherCalls();
      assert.deepEqual(recorder.texts, ["a"]);
      gate.release();
      await recorder.over();
      assert.equal(recorder.error, undefined);
      assert.deepEqual(
        recorder.messages.map(({ length }) => length),
        stream.map(({ length }) => length),
      );
      assert.ok(recorder.messages.every((each, i) => each.equals(stream[i] ?? message)));
      assert.ok(gate.begun.length >= 2 && gate.begun.every((length) => length === message.length), `${gate.begun}`);
      assert.equal(gate.open, 0);
    });

    test("a paused call needs no room, and asks for it again when it goes on", async () => {
      server.handle(LARGE, (call) => {
        call.send(message);
        call.end(0);
      });
      const gate = new Gate(false);
      const { call, recorder } = open(gate);
      await gate.until(({ begun }) => begun.length === 1);
      call.pause();
      assert.equal(gate.open, 0);
      gate.release();
      await otherCalls();
      assert.equal(recorder.received, 0);
      call.resume();
      await recorder.over();
      assert.deepEqual(gate.begun, [message.length, message.length]);
      assert.equal(recorder.bytes, message.length);
      assert.equal(gate.open, 0);
    });

    test("a pause holds back the rest of a message that has begun to arrive", async () => {
      let begun: FaultCall | undefined;
      server.handle(LARGE, (call) => {
        begun = call;
        call.accept();
        call.stream.write(Buffer.concat([prefix(message.length), message.subarray(0, 200_000)]));
      });
      const gate = new Gate(true);
      const { call, recorder } = open(gate);
      await gate.until(({ begun: all }) => all.length === 1);
      call.pause();
      begun?.stream.write(message.subarray(200_000));
      await otherCalls();
      assert.equal(recorder.received, 0);
      assert.ok((begun?.stream.writableLength ?? 0) > 0, "the server could send all of it");
      call.resume();
      await recorder.count(1);
      assert.ok(recorder.messages[0]?.equals(message));
      call.cancel();
      await recorder.over();
    });

    for (const [end, act] of Object.entries<(served: FaultCall, call: StreamCall) => void>({
      "the client cancels": (_served, call) => call.cancel(),
      "the deadline passes": () => {},
      "the server resets the stream": (served) => served.reset(constants.NGHTTP2_INTERNAL_ERROR),
      "the connection breaks": (served) => served.cut(),
    })) {
      for (const isOpen of [true, false]) {
        test(`${isOpen ? "an arriving" : "a waiting"} message gives its room back when ${end}`, async () => {
          let served: FaultCall | undefined;
          server.handle(LARGE, (call) => {
            served = call;
            call.accept();
            call.stream.write(Buffer.concat([prefix(message.length), message.subarray(0, 100_000)]));
          });
          const gate = new Gate(isOpen);
          const { call, recorder } = open(gate, end === "the deadline passes" ? monotonicTime() + 500 : undefined);
          await gate.until(({ open: count }) => count === 1);
          if (served !== undefined) act(served, call);
          await recorder.over();
          assert.notEqual(recorder.error?.code, undefined);
          if (end === "the deadline passes") assert.equal(recorder.error?.code, Status.DEADLINE_EXCEEDED);
          assert.equal(gate.open, 0);
        });
      }
    }

    test("a stream keeps nothing of a message that it has passed on", async () => {
      server.handle(LARGE, async (call) => {
        call.accept();
        for await (const size of call.messages()) call.send(Buffer.alloc(Number(size)));
      });
      const recorder = new StreamRecorder();
      recorder.keep = false;
      const call = transport.stream(LARGE, callOptions({ deadline: undefined }), recorder);
      call.send(Buffer.from("1"));
      await recorder.count(1);
      const before = memoryOfBuffers();
      call.send(Buffer.from(`${64 * MIB}`));
      await recorder.count(2);
      const isKept = (): boolean => memoryOfBuffers() - before > 16 * MIB;
      // The server, which is in this process, has the message too until it is sent.
      await until(() => !isKept(), "the message is garbage");
      call.cancel();
      await recorder.over();
    });
  });
}

/** Returns the prefix of a gRPC message. */
function prefix(length: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

/** Returns how much memory buffers have that is not garbage, in bytes. */
function memoryOfBuffers(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
  return process.memoryUsage().arrayBuffers;
}
