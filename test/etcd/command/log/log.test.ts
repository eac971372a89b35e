// On a busy machine this takes over a minute: the command is started four times, and is sent each RPC with several bodies,
// of which those that wait have a second.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WebSocket } from "ws";
import { services } from "../../../../generated/index.js";
import type { Service } from "../../../../runtime/core/call/rpc.js";
import { Logger } from "../../../../runtime/etcd/command/log/logger.js";
import { startEtcd } from "../../../etcd-server/server.js";
import { CommandProcess } from "../command-process.js";

const MARK = "m4rk3r";
const MARK_BASE64 = Buffer.from(MARK).toString("base64");

/** What the command writes when every RPC is called with a marker wherever clients can put one. */
async function sweep(...flags: readonly string[]): Promise<string> {
  const etcd = await startEtcd();
  const command = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0", ...flags]);
  try {
    const url = await command.url();
    const headers = {
      Authorization: `Bearer ${MARK}`,
      "Grpc-Metadata-Token": MARK,
      Cookie: `a=${MARK}`,
      "X-Other": MARK,
      "X-Request-Id": `no id: ${MARK}`,
      traceparent: MARK,
      "User-Agent": MARK,
    };
    const bodies = [
      {
        key: MARK_BASE64,
        range_end: MARK_BASE64,
        value: MARK_BASE64,
        name: MARK,
        user: MARK,
        role: MARK,
        password: MARK,
      },
      { name: MARK, password: MARK, key: [MARK], ID: MARK },
      { create_request: { key: MARK_BASE64, start_revision: MARK } },
      { compare: [{ key: MARK_BASE64, target: MARK }] },
    ].map((body) => JSON.stringify(body));
    const paths = Object.values<Service>(services).flatMap(({ rpcs }) =>
      Object.values(rpcs).flatMap(({ bindings }) => bindings.map(({ template }) => template)),
    );
    assert.ok(paths.length > 40);
    for (const path of paths) {
      for (const body of [...bodies, `{"key":"${MARK}`]) {
        const target = `${url}${path}?${MARK}=${MARK}&bytes=text`;
        const signal = AbortSignal.timeout(1_000);
        const answer = fetch(target, { method: "POST", body, headers, signal });
        await answer.then((res) => res.text()).catch(() => {});
        // What holds open for ever has been asked often enough.
        if (signal.aborted) break;
      }
    }
    for (const path of [`/v3/${MARK}`, `/v3/%zz${MARK}`, `/v3//kv/range?${MARK}`, `/v3/watch?key=${MARK}`]) {
      for (const accept of ["*/*", "text/event-stream"]) {
        const signal = AbortSignal.timeout(1_000);
        const options = { headers: { ...headers, Accept: accept }, signal };
        await fetch(url + path, options)
          .then((res) => res.text())
          .catch(() => {});
      }
    }
    await fetch(`${url}/v3/kv/range`, { method: "POST", headers: { ...headers, Origin: `http://${MARK}` } });
    await new Promise((resolve) => {
      const socket = new WebSocket(`${url.replace("http", "ws")}/v3/watch?${MARK}`, ["bearer", MARK], { headers });
      socket.on("open", () => socket.send(`{"create_request":{"key":"${MARK}"},]}`));
      socket.on("error", resolve);
      socket.on("close", resolve);
    });
    await etcd.kill("SIGKILL");
    await fetch(`${url}/v3/kv/put`, {
      method: "POST",
      headers,
      body: bodies[0] ?? "",
      signal: AbortSignal.timeout(20_000),
    })
      .then((res) => res.text())
      .catch(() => {});
    const { stderr } = await command.stop();
    return stderr;
  } finally {
    await command.stop("SIGKILL");
    await etcd.stop();
  }
}

describe("the log of the command", () => {
  it("has a line of JSON for each call, and nothing that clients send", { timeout: 240_000 }, async () => {
    const output = await sweep("--log", "json", "--connect-timeout", "500ms");
    const lines = output.trimEnd().split("\n");
    const calls = lines.map((line): Record<string, unknown> => JSON.parse(line)).filter(({ msg }) => msg === "call");
    assert.ok(calls.length > 150, String(calls.length));
    for (const { time, level, requestId, method, status, code, durationMs, client } of calls) {
      assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      assert.match(String(level), /^(info|warn|error)$/);
      assert.match(String(requestId), /^[\da-f-]{36}$/);
      assert.match(String(method), /^(GET|POST)$/);
      assert.equal(typeof status, "number");
      assert.match(String(code), /^[A-Z_]+$/);
      assert.equal(typeof durationMs, "number");
      assert.match(String(client), /127\.0\.0\.1$/);
    }
    const rpcs = new Set(calls.map(({ rpc }) => rpc));
    assert.ok(rpcs.size > 35, String(rpcs.size));
    assert.ok(calls.some(({ protocol }) => protocol === "websocket"));
    assert.ok(calls.some(({ level, error }) => level === "error" && typeof error === "string"));
    for (const secret of [MARK, MARK_BASE64.replace(/=+$/, "")]) assert.ok(!output.includes(secret), secret);
  });

  it("is text on request, from a level on", async () => {
    const etcd = await startEtcd();
    const lines = async (...flags: readonly string[]): Promise<readonly string[]> => {
      const command = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0", ...flags]);
      const url = await command.url();
      for (const path of ["kv/range", "none"]) await fetch(`${url}/v3/${path}`, { method: "POST", body: "{}" });
      const { stderr } = await command.stop();
      return stderr.split("\n").filter((line) => line !== "");
    };
    try {
      const [range = "", none = "", ...others] = await lines("--log", "text");
      assert.match(
        range,
        /^\S+Z info call requestId=\S+ client=\S+ method=POST .*rpc=etcdserverpb\.KV\.Range .*status=400/,
      );
      assert.match(none, /^\S+Z info call .*status=404 code=NOT_FOUND .*rejected=not-found$/);
      assert.deepEqual(others, []);
      assert.deepEqual(await lines("--log-level", "warn"), []);
      assert.deepEqual(await lines(), []);
    } finally {
      await etcd.stop();
    }
  });
});

describe("a line of the log", () => {
  /** What is written of one field. */
  function written(format: "json" | "text", value: unknown): string {
    const lines: string[] = [];
    new Logger((line) => lines.push(line), format, "info").error({ value }, "a\nb");
    assert.equal(lines.length, 1);
    return lines[0] ?? "";
  }

  it("stays one line, whatever is in it", () => {
    const value = 'a" b=c\r\nfake\u001b[31m\u2028\u007f\u0085';
    for (const format of ["json", "text"] as const) {
      const line = written(format, value);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
      assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      if (format === "json") assert.equal(JSON.parse(line).value, value);
    }
    assert.match(written("text", value), / error a\\nb value="a\\" b=c\\r\\nfake\\u001b/);
    assert.match(written("text", "a b"), / value="a b"$/);
    assert.match(written("text", 1.5), / value=1\.5$/);
    assert.doesNotMatch(written("text", undefined), /value/);
  });

  it("has no field that is not known", () => {
    assert.deepEqual(Object.keys(JSON.parse(written("json", undefined))), ["time", "level", "msg"]);
  });
});
