import assert from "node:assert/strict";
import { createServer } from "node:http";
import { it } from "node:test";
import { metricsHandler } from "../../../../runtime/etcd/command/handlers/metrics-handler.js";
import { RawConnection } from "../../../attacks/raw-connection.js";
import { listen } from "../../../http/listen.js";

it("makes one text for all requests that arrive together, and a new one for later requests", async (t) => {
  let made = 0;
  const text = async () => ({ contentType: "text/plain", text: `${++made}` });
  const handler = metricsHandler({ text });
  const port = await listen(
    t,
    // In one turn of the event loop, with the promises that are fulfilled between two of them.
    createServer((req, res) => void setImmediate(() => handler(req, res, () => assert.fail()))),
  );
  const one = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const expected of ["1", "2"]) {
    const connection = new RawConnection(port);
    t.after(() => connection.leave());
    await connection.send(one.repeat(100));
    await connection.answers(100);
    assert.deepEqual(new Set(connection.bodies), new Set([expected]));
  }
});
