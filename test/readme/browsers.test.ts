import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { CommandProcess } from "../etcd/command/command-process.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { runProgram } from "./run/program.js";
import { snippets } from "./run/snippets.js";

describe("what the documentation says about web pages", () => {
  let etcd: EtcdServer;
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd.stop());

  it("docs/access.md translates a cookie of the own origin into a token, and no other", async () => {
    const block = snippets("docs/access.md", "ts").find((each) => each.includes("etcd-token")) ?? "";
    const program = `
      import { etcdGateway } from "etcd-gateway";
      import express from "express";
      const app = express();
      const gateway = etcdGateway({
        endpoints: [${JSON.stringify(etcd.endpoint)}],
        interceptors: { "*": ({ req }) => console.log(req.headers.authorization) },
      });
      ${block}
      const server = app.listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      const url = "http://127.0.0.1:" + server.address().port + "/v3/watch?create_request.key=Zm9v";
      for (const site of ["same-origin", "cross-site"]) {
        const headers = { Accept: "text/event-stream", Cookie: "a=b; etcd-token=x%2E1", "Sec-Fetch-Site": site };
        const response = await fetch(url, { headers });
        await response.body.cancel();
      }
      await gateway.close(0);
      server.closeAllConnections();
      server.close();`;
    assert.equal(await runProgram("cookie", program), "Bearer x.1\nundefined\n");
  });

  it("docs/faq.md has ways for the pages of a dev server to call", async () => {
    const page = readFileSync(new URL("../../docs/faq.md", import.meta.url), "utf8");
    const [, origin = ""] = /--cors (\S+)/.exec(page) ?? [];
    const { host } = new URL(origin);
    const statuses = async (...flags: string[]): Promise<readonly unknown[]> => {
      const command = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0", ...flags]);
      try {
        const url = await command.url();
        return [await status(url, { Origin: origin }), await status(url, { Origin: origin, Host: host })];
      } finally {
        await command.stop();
      }
    };
    assert.deepEqual(await statuses(), [403, 200]);
    assert.deepEqual(await statuses("--cors", origin), [200, 200]);
  });
});

/** Sends a request, and returns the status of its response. `fetch` sends no `Host` of one's own. */
function status(url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/v3/kv/range`, { method: "POST", headers, agent: false }, (response) => {
      text(response).then(() => resolve(response.statusCode), reject);
    });
    sent.on("error", reject).end('{"key":"Zm9v"}');
  });
}
