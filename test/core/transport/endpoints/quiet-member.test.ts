import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { monotonicTime } from "../../../../runtime/core/timers/monotonic-time.js";
import { library } from "../../../../runtime/core/transport/grpc-js/library.js";
import { grpcTransport } from "../../../../runtime/core/transport/grpc-transport.js";
import { startFaultServer } from "../../../faults/fault-server.js";
import { CHANNELS } from "../channels.js";
import { unary } from "../recorded-calls.js";

const PATH = "/test.Echo/Unary";
/** Clients that make a call when they have the response to the one before. */
const CLIENTS = 9;
const ANSWERS = 300;

for (const channel of CHANNELS) {
  describe(`over ${channel}`, () => {
    before(library);

    test("a member that does not respond holds its share of the calls, and no more", async (t) => {
      const servers = await Promise.all([startFaultServer(), startFaultServer(), startFaultServer()]);
      t.after(() => Promise.all(servers.map((server) => server.stop())));
      const [quiet] = servers;
      for (const server of servers) server.handle(PATH, async (call) => call.answer(await call.request()));
      const transport = grpcTransport({ channel, endpoints: servers.map(({ endpoint }) => endpoint) });
      t.after(() => transport.close());
      // All three are connected, and then one falls silent.
      while (servers.some((server) => server.count(PATH) === 0)) await unary(transport, PATH);
      quiet?.handle(PATH, () => {});
      const before = quiet?.count(PATH) ?? 0;

      let answers = 0;
      await new Promise<void>((resolve) => {
        const client = (): void => {
          unary(transport, PATH, "x", { deadline: monotonicTime() + 600_000 }).then(({ error }) => {
            // The transport has been closed: the test is over.
            if (error !== undefined) return;
            answers += 1;
            if (answers === ANSWERS) resolve();
            client();
          });
        };
        for (let i = 0; i < CLIENTS; i++) client();
      });
      // Of calls to three members, a third is under way to each: with one more for whoever comes in between.
      const held = (quiet?.count(PATH) ?? 0) - before;
      assert.ok(held >= 1 && held <= CLIENTS / 3 + 1, `${held} calls wait for the quiet member`);
    });
  });
}
