// On a busy machine this takes over a minute: it takes the transport seconds of silence to tell a silent member from a slow
// one, in eight cases over both channels.
import assert from "node:assert/strict";
import { once } from "node:events";
import { afterEach, before, describe, test } from "node:test";
import { monotonicTime } from "../../../../runtime/core/timers/monotonic-time.js";
import { library } from "../../../../runtime/core/transport/grpc-js/library.js";
import { grpcTransport } from "../../../../runtime/core/transport/grpc-transport.js";
import type { Transport } from "../../../../runtime/core/transport/transport.js";
import type { GrpcTransportOptions } from "../../../../runtime/core/transport/transport-options.js";
import { type FaultServer, startFaultServer } from "../../../faults/fault-server.js";
import { type FaultProxy, startFaultProxy } from "../../../faults/proxy.js";
import { CHANNELS } from "../channels.js";
import { callOptions, type Outcome, StreamRecorder, unary } from "../recorded-calls.js";

const READ = "/test.Store/Read";
const WRITE = "/test.Store/Write";
const SLOW = "/test.Store/SlowRead";
const WATCH = "/test.Store/Watch";
const HEALTH = "/grpc.health.v1.Health/Check";
/** Clients that make a call when they have the response to the one before. */
const CLIENTS = 6;
const ANSWERS = 50;

interface Member {
  readonly server: FaultServer;
  readonly proxy: FaultProxy;
}

for (const channel of CHANNELS) {
  describe(`over ${channel}`, () => {
    const cleanUp: (() => unknown)[] = [];

    before(library);

    afterEach(async () => {
      for (const each of cleanUp.splice(0).reverse()) await each();
    });

    async function startMember(): Promise<Member> {
      const server = await startFaultServer();
      cleanUp.push(() => server.stop());
      for (const path of [READ, WRITE, SLOW, WATCH]) {
        server.handle(path, async (call) => call.answer(await call.request()));
      }
      const proxy = await startFaultProxy(server.port);
      cleanUp.push(() => proxy.stop());
      return { server, proxy };
    }

    async function startMembers(): Promise<[Member, Member, Member]> {
      return [await startMember(), await startMember(), await startMember()];
    }

    /** Opens a transport to all members, with pings that tell nothing in time unless a test says otherwise. */
    async function open(members: readonly Member[], options: Partial<GrpcTransportOptions> = {}): Promise<Transport> {
      const transport = grpcTransport({
        channel,
        endpoints: members.map(({ proxy }) => proxy.endpoint),
        keepalive: { interval: 600_000, timeout: 600_000 },
        ...options,
      });
      cleanUp.push(() => transport.close());
      while (members.some(({ server }) => server.count(READ) === 0)) await read(transport);
      return transport;
    }

    const read = (transport: Transport, path = READ): Promise<Outcome> =>
      unary(transport, path, "x", { deadline: monotonicTime() + 600_000, idempotent: true });
    const write = (transport: Transport, what: string): Promise<Outcome> =>
      unary(transport, WRITE, what, { deadline: monotonicTime() + 600_000 });

    /** Reads until so many responses have come to each of the clients. */
    async function clients(transport: Transport): Promise<void> {
      const client = async (): Promise<void> => {
        for (let i = 0; i < ANSWERS; i++) assert.equal((await read(transport)).error, undefined);
      };
      await Promise.all(Array.from({ length: CLIENTS }, client));
    }

    test("readers go on, each of them, and few calls wait for the silent member; it is used again when it speaks", async () => {
      const members = await startMembers();
      const transport = await open(members);
      const [silent] = members;
      const before = silent.server.count(READ);
      silent.proxy.mode = "stall";
      await clients(transport);
      await clients(transport);
      silent.proxy.mode = "pass";
      await silent.server.reached(HEALTH, 1);
      const held = silent.server.count(READ) - before;
      assert.ok(held >= 1 && held <= CLIENTS / 3 + 1, `${held} calls went to the silent member`);
      while (silent.server.count(READ) - before <= held + 10) await read(transport);
    });

    test("a reader that is alone goes on: the others are asked whether it is the member or the network", async () => {
      const members = await startMembers();
      const transport = await open(members);
      const [silent] = members;
      silent.proxy.mode = "stall";
      for (let i = 0; i < 6; i++) assert.equal((await read(transport)).error, undefined);
    });

    test("a write waits for the silent member, and is not sent twice", async () => {
      const members = await startMembers();
      const transport = await open(members);
      const [silent] = members;
      silent.proxy.mode = "stall";
      const texts = ["a", "b", "c"];
      const writes = texts.map((text) => write(transport, text));
      await clients(transport);
      const calls = () => members.reduce((sum, { server }) => sum + server.count(WRITE), 0);
      assert.equal(calls(), 2, "one waits");
      silent.proxy.mode = "pass";
      assert.deepEqual(
        (await Promise.all(writes)).map(({ message }) => String(message)),
        texts,
      );
      assert.equal(calls(), 3);
    });

    test("readers leave a dead connection although the member still sends to streams", {
      timeout: 60_000,
    }, async () => {
      const members = await startMembers();
      const transport = await open(members);
      for (const { server } of members) {
        server.handle(WATCH, (call) => {
          call.accept();
          const talk = setInterval(() => call.send(Buffer.from("event")), 50);
          call.stream.once("close", () => clearInterval(talk));
        });
      }
      const [{ proxy }] = members;
      proxy.deafen();
      const recorders: StreamRecorder[] = [];
      // The first streams open the connections.
      while (members.some(({ server }) => server.count(WATCH) === 0)) {
        const recorder = new StreamRecorder();
        recorders.push(recorder);
        transport.stream(WATCH, callOptions({ deadline: undefined }), recorder);
        await once(recorder, "headers");
      }
      await clients(transport);
      assert.ok(recorders.every(({ ends }) => ends === 0));
    });

    test("calls that may wait for days stay where they are", async () => {
      const members = await startMembers();
      const transport = await open(members);
      const [silent] = members;
      const count = (path: string) => members.reduce((sum, { server }) => sum + server.count(path), 0);
      for (const { server } of members) server.handle(WATCH, (call) => call.accept());
      /** Starts as many streams as there are members: one goes to each that is connected. */
      const watches = members.map(() => () => {
        const stream = transport.stream(
          WATCH,
          callOptions({ deadline: undefined, idempotent: true }),
          new StreamRecorder(),
        );
        stream.send(Buffer.from("x"));
      });
      // The first streams open the connections.
      while (members.some(({ server }) => server.count(WATCH) === 0)) {
        const before = count(WATCH);
        watches[0]?.();
        while (count(WATCH) === before) await read(transport);
      }
      const before = count(WATCH);
      silent.proxy.mode = "stall";
      const locks = members.map(() => unary(transport, WRITE, "lock", { deadline: undefined, idempotent: true }));
      for (const watch of watches) watch();
      await clients(transport);
      assert.ok(count(WATCH) < before + 3 && count(WRITE) < 3, "some wait");
      silent.proxy.mode = "pass";
      for (const { error } of await Promise.all(locks)) assert.equal(error, undefined);
      while (count(WATCH) < before + 3) await read(transport);
      assert.deepEqual([count(WATCH), count(WRITE)], [before + 3, 3]);
    });

    test("a member that is slow, and not silent, keeps its calls", async () => {
      const members = await startMembers();
      const transport = await open(members);
      const count = (path: string) => members.reduce((sum, { server }) => sum + server.count(path), 0);
      let answer = () => {};
      for (const { server } of members) {
        server.handle(SLOW, (call) => {
          answer = () => call.answer(Buffer.from("late"));
        });
      }
      const slow = read(transport, SLOW);
      while (count(SLOW) === 0) await read(transport);
      const [member] = members.filter(({ server }) => server.count(SLOW) > 0);
      // By the third probe it would have been suspect for a while.
      while ((member?.server.count(HEALTH) ?? 0) < 3) await read(transport);
      answer();
      assert.equal(String((await slow).message), "late");
      assert.equal(count(SLOW), 1);
    });

    test("with one endpoint nothing is suspect, and nobody is asked", async (t) => {
      t.mock.timers.enable({ apis: ["setInterval"] });
      const member = await startMember();
      const transport = await open([member]);
      let answer = () => {};
      member.server.handle(SLOW, (call) => {
        answer = () => call.answer(Buffer.from("late"));
      });
      const slow = read(transport, SLOW);
      await member.server.reached(SLOW, 1);
      for (let i = 0; i < 10; i++) t.mock.timers.tick(250);
      await read(transport);
      answer();
      assert.equal(String((await slow).message), "late");
      assert.equal(member.server.count(HEALTH), 0);
    });

    test("calls go to a silent member if there is no other", async () => {
      const members = await startMembers();
      const transport = await open(members);
      const [silent, ...others] = members;
      silent.proxy.mode = "stall";
      await clients(transport);
      await Promise.all(others.map(({ server, proxy }) => Promise.all([server.stop(), proxy.stop()])));
      const late = read(transport);
      let isOver = false;
      late.finally(() => {
        isOver = true;
      });
      silent.proxy.mode = "pass";
      while (!isOver) await read(transport);
      assert.equal((await late).error, undefined);
    });

    if (channel === "lean") {
      test("a ping tells at once, and a write ends that waits for a dead connection", async () => {
        const members = await startMembers();
        const transport = await open(members, { keepalive: { interval: 600_000, timeout: 200 } });
        const [silent] = members;
        silent.proxy.mode = "stall";
        const writes = Promise.all(["a", "b", "c"].map((text) => write(transport, text)));
        await clients(transport);
        const errors = (await writes).map(({ error }) => error?.message).filter((error) => error !== undefined);
        assert.deepEqual(errors, ["the connection to the server broke"]);
      });
    }
  });
}
