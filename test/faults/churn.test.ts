import assert from "node:assert/strict";
import { once } from "node:events";
import { getActiveResourcesInfo } from "node:process";
import { describe, test } from "node:test";
import { CHANNELS } from "../core/transport/channels.js";
import { startGateway } from "../e2e/gateway.js";
import { open, response } from "../http/requests.js";
import { startFaultServer } from "./fault-server.js";
import { heapUsed } from "./heap-used.js";

for (const channel of CHANNELS) {
  describe(`over ${channel}`, () => {
    const WATCH = "/etcdserverpb.Watch/Watch";

    test("streams that come and go leave no listener, timer, socket or memory behind", async (t) => {
      const warnings: Error[] = [];
      const onWarning = (warning: Error): void => void warnings.push(warning);
      process.on("warning", onWarning);
      t.after(() => process.off("warning", onWarning));
      const server = await startFaultServer();
      // 1 created, no header.
      server.handle(WATCH, (call) => void call.send(Buffer.from([0x18, 1])));
      const gateway = await startGateway({ channel, endpoints: [server.endpoint] });
      t.after(async () => {
        await gateway.close();
        await server.stop();
      });
      const port = Number(new URL(gateway.url).port);
      const stream = async (i: number): Promise<void> => {
        const headers = i % 3 === 0 ? { Accept: "text/event-stream" } : {};
        const req = open(port, "/v3/watch", { headers });
        req.on("error", () => {});
        req.write('{"create_request":{}}');
        const res = await response(req);
        res.on("error", () => {});
        await once(res, "data");
        const closed = new Promise((resolve) => req.on("close", resolve));
        req.destroy();
        await closed;
      };
      const churn = async (count: number): Promise<void> => {
        for (let done = 0; done < count; done += 50) {
          const before = server.calls.length;
          await Promise.all(Array.from({ length: 50 }, (_, i) => stream(i)));
          await Promise.all(server.calls.slice(before).map((call) => call.closed));
        }
        // The server's own memory of them.
        Reflect.set(server.calls, "length", 0);
      };
      const resources = (): Readonly<Record<string, number>> => {
        const counts: Record<string, number> = {};
        for (const kind of getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
        return counts;
      };
      await churn(1_000);
      const heapBefore = await heapUsed();
      const before = resources();
      await churn(1_500);
      const growth = (await heapUsed()) - heapBefore;
      // A stream that is kept is several kilobytes; what is compiled and cached meanwhile is half a megabyte in all.
      assert.ok(growth < 1_500_000, `${growth} bytes for 1,500 streams`);
      for (const [kind, count] of Object.entries(resources())) {
        assert.ok(count <= (before[kind] ?? 0) + 2, `${count} ${kind}, ${before[kind] ?? 0} before`);
      }
      assert.deepEqual(
        warnings.filter(({ name }) => name === "MaxListenersExceededWarning"),
        [],
      );
    });
  });
}
