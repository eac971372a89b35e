import assert from "node:assert/strict";
import { it } from "node:test";
import { startEtcd } from "../../../etcd-server/server.js";
import { at } from "../../../http/etcd-json.js";
import { CommandProcess } from "../command-process.js";

it("counts and logs what it rejects outside the API, however many paths and hosts clients make up", async () => {
  const etcd = await startEtcd();
  const flags = ["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0", "--log", "json"];
  const command = new CommandProcess(flags);
  try {
    const url = await command.url();
    for (const path of ["/secret-1", "/secret-2", "/explorer/secret-3"]) {
      assert.equal((await fetch(url + path)).status, 404);
    }
    const foreign = { Origin: "http://secret-4.example" };
    for (const path of ["/", "/health", "/metrics", "/secret-5"]) {
      assert.equal((await fetch(url + path, { headers: foreign })).status, 403);
    }
    for (const path of ["/", "/health"]) assert.equal((await fetch(url + path)).status, 200);
    const text = await (await fetch(`${url}/metrics`)).text();
    assert.match(text, /^etcd_gateway_rejections_total\{reason="not-found"\} 3$/m);
    assert.match(text, /^etcd_gateway_rejections_total\{reason="browser-guard"\} 4$/m);
    assert.match(text, /^etcd_gateway_http_responses_total\{method="GET",status="404"\} 3$/m);
    assert.match(text, /^etcd_gateway_http_responses_total\{method="GET",status="403"\} 4$/m);
    assert.match(text, /^etcd_gateway_calls_total\{rpc="none",code="NOT_FOUND"\} 3$/m);
    assert.doesNotMatch(text, /secret/);
  } finally {
    const { stderr } = await command.stop();
    await etcd.stop();
    const lines = stderr.trim().split("\n");
    const rejected = lines.map((line) => at(JSON.parse(line), "rejected"));
    assert.deepEqual(rejected, [...Array(3).fill("not-found"), ...Array(4).fill("browser-guard")], stderr);
    assert.doesNotMatch(stderr, /secret/);
  }
});

it("serves metrics of calls and of the process at /metrics, behind its guards, unless told not to", async () => {
  const etcd = await startEtcd();
  const flags = ["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0"];
  const [command, silent] = [new CommandProcess(flags), new CommandProcess([...flags, "--no-metrics"])];
  try {
    const url = await command.url();
    await (await fetch(`${url}/v3/kv/range`, { method: "POST", body: '{"key":"YQ=="}' })).text();
    const answer = await fetch(`${url}/metrics`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    assert.match(text, /^etcd_gateway_calls_total\{rpc="etcdserverpb\.KV\.Range",code="OK"\} 1$/m);
    assert.match(text, /^nodejs_eventloop_lag_p99_seconds /m);
    assert.match(text, /^process_cpu_seconds_total /m);
    assert.match(text, /^etcd_gateway_build_info\{version="[\d.]+"\} 1$/m);
    assert.match(
      text,
      new RegExp(`^etcd_gateway_backend_connections\\{endpoint="${etcd.endpoint}",state="ready"\\} 1$`, "m"),
    );
    assert.equal((await fetch(`${url}/metrics`, { method: "HEAD" })).status, 200);
    const posted = await fetch(`${url}/metrics`, { method: "POST" });
    assert.deepEqual([posted.status, posted.headers.get("allow")], [405, "GET, HEAD"]);
    assert.equal((await fetch(`${url}/metrics`, { headers: { Origin: "http://evil.example" } })).status, 403);
    assert.equal((await fetch(`${await silent.url()}/metrics`)).status, 404);
  } finally {
    await Promise.all([command.stop(), silent.stop(), etcd.stop()]);
  }
});
