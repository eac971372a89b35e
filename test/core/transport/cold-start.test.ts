import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { library } from "../../../runtime/core/transport/grpc-js/library.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import { startFaultServer } from "../../faults/fault-server.js";
import { CHANNELS } from "./channels.js";
import { callOptions, StreamRecorder, unary } from "./recorded-calls.js";

const PATH = "/test.Echo/Unary";
const WATCH = "/test.Watch/Watch";
const CALLS = 30;

for (const channel of CHANNELS) {
  describe(`over ${channel}`, () => {
    before(library);

    for (const kind of ["unary calls", "streams"] as const) {
      test(`${kind} that wait for the first connections are shared out among the endpoints`, async (t) => {
        const servers = await Promise.all([startFaultServer(), startFaultServer(), startFaultServer()]);
        t.after(() => Promise.all(servers.map((server) => server.stop())));
        for (const server of servers) {
          server.handle(PATH, async (call) => call.answer(await call.request()));
          server.handle(WATCH, (call) => call.accept());
        }
        // However long the others take to get ready, the first does not get all.
        t.mock.timers.enable({ apis: ["setTimeout"] });
        const transport = grpcTransport({ channel, endpoints: servers.map(({ endpoint }) => endpoint) });
        t.after(() => transport.close());
        const calls = Array.from({ length: CALLS }, async () => {
          if (kind === "unary calls") {
            return new Promise<void>((onResponse, onError) => {
              transport.unary(PATH, Buffer.from("x"), callOptions(), { onResponse: () => onResponse(), onError });
            });
          }
          const recorder = new StreamRecorder();
          transport.stream(WATCH, callOptions({ deadline: undefined }), recorder);
          await new Promise((resolve) => recorder.on("headers", resolve));
        });
        await Promise.all(calls);
        const path = kind === "unary calls" ? PATH : WATCH;
        assert.deepEqual(
          servers.map((server) => server.count(path)),
          [10, 10, 10],
        );
      });
    }

    test("calls that wait do not wait for an endpoint that is down", async (t) => {
      const servers = await Promise.all([startFaultServer(), startFaultServer()]);
      const [up, down] = servers;
      t.after(() => up?.stop());
      await down?.stop();
      up?.handle(PATH, async (call) => call.answer(await call.request()));
      const transport = grpcTransport({ channel, endpoints: servers.map(({ endpoint }) => endpoint) });
      t.after(() => transport.close());
      const outcomes = await Promise.all(Array.from({ length: CALLS }, () => unary(transport, PATH, "x")));
      for (const { error } of outcomes) assert.equal(error, undefined);
      assert.equal(up?.count(PATH), CALLS);
    });
  });
}
