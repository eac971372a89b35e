import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { serve } from "../../runtime/etcd/command/serve.js";
import { send } from "../http/requests.js";

test("connections beyond the most are closed, told in the log, and welcome when others have gone", async (t) => {
  const lines: string[] = [];
  const server = await serve(
    {
      command: "serve",
      listen: { host: "127.0.0.1", port: 0 },
      gateway: { endpoints: ["127.0.0.1:1"] },
      server: {
        log: undefined,
        logLevel: undefined,
        metrics: false,
        workers: 1,
        maxConnections: 1,
        pingInterval: 0,
        grace: 0,
        explorer: false,
      },
    },
    (line) => lines.push(line),
  );
  t.after(() => server.close());
  const port = Number(new URL(server.url).port);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  assert.equal((await send(port, "/none", "", { agent })).status, 404);
  const further = connect(port, "127.0.0.1").on("error", () => {});
  await once(further, "close");
  assert.deepEqual(lines, ["closed a new connection: 1 are open, the limit of --max-connections"]);
  assert.equal((await send(port, "/none", "", { agent })).status, 404, "the first goes on");
  agent.destroy();
  for (;;) {
    const next = await send(port, "/none").catch(() => undefined);
    if (next?.status === 404) break;
  }
});
