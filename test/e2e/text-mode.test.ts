import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import type { EtcdGatewayOptions } from "etcd-gateway";
import { openSocket } from "../core/websocket/socket.js";
import { startEtcd } from "../etcd-server/server.js";
import { snippets } from "../readme/run/snippets.js";
import { startGateway } from "./gateway.js";

const etcd = await startEtcd();
test.after(() => etcd.stop());

async function serve(t: TestContext, options: Partial<EtcdGatewayOptions> = {}): Promise<string> {
  const gateway = await startGateway({ endpoints: [etcd.endpoint], ...options });
  t.after(() => gateway.close());
  return gateway.url;
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<string> {
  const res = await fetch(url, { method: "POST", body: JSON.stringify(body), headers });
  return res.text();
}

/** The key and value of a range response. */
function pair(answer: string): readonly unknown[] {
  const { kvs } = JSON.parse(answer);
  return [kvs?.[0]?.key, kvs?.[0]?.value];
}

const BASE64 = ["Zm9v", "w6ljbGFpcg=="];
const PLAIN = ["foo", "éclair"];

test("a request chooses by its query or its headers, for itself alone", async (t) => {
  const range = `${await serve(t)}/v3/kv/range`;
  await post(range.replace("range", "put?bytes=text"), { key: "foo", value: "éclair" });
  const text = { key: "foo" };
  const base64 = { key: "Zm9v" };
  assert.deepEqual(pair(await post(range, base64)), BASE64);
  assert.deepEqual(pair(await post(`${range}?a=b&bytes=text`, text)), PLAIN);
  assert.deepEqual(pair(await post(range, text, { "Content-Type": 'application/json;Bytes="text"' })), PLAIN);
  assert.deepEqual(pair(await post(range, text, { Accept: "application/json; bytes=text, */*;q=0.5" })), PLAIN);
  const mixed = { "Content-Type": "application/json; bytes=base64", Accept: "application/json; bytes=text" };
  assert.deepEqual(pair(await post(range, base64, mixed)), PLAIN);
  assert.deepEqual(pair(await post(`${range}?bytes=base64`, base64, { Accept: "*/*; bytes=text" })), BASE64);
  assert.deepEqual(pair(await post(range, base64)), BASE64);
  const rejection = await fetch(`${range}?bytes=utf8`, { method: "POST", body: "{}" });
  assert.equal(rejection.status, 400);
  assert.match(await rejection.text(), /query parameter \\"bytes\\": expected base64 or text, got \\"utf8\\"/);
});

test("a gateway may have text by default, under every prefix, and give base64 on request", async (t) => {
  const url = await serve(t, { bytes: "text", json: { unknownFields: "reject" } });
  await post(`${url}/v3alpha/kv/put`, { key: "foo", value: "éclair" });
  assert.deepEqual(pair(await post(`${url}/v3beta/kv/range`, { key: "foo" })), PLAIN);
  assert.deepEqual(pair(await post(`${url}/v3/kv/range?bytes=base64`, { key: "Zm9v" })), BASE64);
});

test("a value that is not text goes and comes as base64 in an object", async (t) => {
  const url = await serve(t);
  const put = { key: { base64: "/w==" }, value: "Zm9v" };
  await post(`${url}/v3/kv/put?bytes=text`, put);
  assert.deepEqual(pair(await post(`${url}/v3/kv/range?bytes=text`, { key: put.key })), [put.key, "Zm9v"]);
  assert.deepEqual(pair(await post(`${url}/v3/kv/range`, { key: "/w==" })), ["/w==", "Wm05dg=="]);
});

for (const [how, path, headers, body] of [
  ["result lines", "?bytes=text", {}, { create_request: { key: "watched" } }],
  ["NDJSON", "", { Accept: "application/x-ndjson; bytes=text" }, { create_request: { key: "watched" } }],
  ["an event source's GET", "?create_request.key=watched&bytes=text", { Accept: "text/event-stream" }, undefined],
] as const) {
  test(`a watch has text, by ${how}`, async (t) => {
    const url = await serve(t, { json: { unknownFields: "reject" } });
    const abort = new AbortController();
    t.after(() => abort.abort());
    const res = await fetch(`${url}/v3/watch${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers,
      signal: abort.signal,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    let text = "";
    for await (const chunk of res.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      if (text === "") await post(`${url}/v3/kv/put?bytes=text`, { key: "watched", value: "naïve" });
      text += chunk;
      if (text.includes('"kv"')) break;
    }
    assert.match(text, /"created":true/);
    assert.match(text, /"kv":\{"key":"watched",.*"value":"naïve"/);
  });
}

test("a WebSocket has the bytes that its handshake asks for", async (t) => {
  const url = await serve(t);
  const socket = await openSocket(t, Number(new URL(url).port), "/v3/kv/range?bytes=text");
  await post(`${url}/v3/kv/put?bytes=text`, { key: "foo", value: "éclair" });
  socket.send('{"key":"foo"}');
  assert.deepEqual(pair(String(await socket.next())), PLAIN);
});

test("the curl lines of docs/http.md do as it says", async (t) => {
  const url = await serve(t);
  const lines = snippets("docs/http.md", "sh")
    .flatMap((block) => block.trim().split("\n"))
    .filter((line) => line.includes("bytes=text"));
  assert.equal(lines.length, 5);
  for (const [i, line] of lines.entries()) {
    const command = line.replace("http://127.0.0.1:8080", url);
    const { stdout } = await promisify(execFile)("sh", ["-c", `exec ${command} -sS --max-time 30`]);
    if (i > 0 && i < 4) assert.deepEqual(pair(stdout), ["greeting", "Grüße"], line);
    else assert.match(stdout, /^\{"header":/, line);
  }
  const last = await post(`${url}/v3/kv/range?bytes=text`, { key: "greeting" });
  assert.deepEqual(pair(last), ["greeting", { base64: "/wA=" }]);
});
