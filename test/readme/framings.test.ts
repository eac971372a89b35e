import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { startGateway } from "../e2e/gateway.js";
import { startEtcd } from "../etcd-server/server.js";
import { snippets } from "./run/snippets.js";

const CREATED = String.raw`\{"header":\{.*\},"created":true\}`;

test("the curl lines of docs/http.md give the framings that it says", async (t) => {
  const etcd = await startEtcd();
  t.after(() => etcd.stop());
  const gateway = await startGateway({ endpoints: [etcd.endpoint] });
  t.after(() => gateway.close());
  const lines = snippets("docs/http.md", "sh")
    .flatMap((block) => block.trim().split("\n"))
    .filter((line) => /Accept: (application\/x-ndjson|text\/event-stream)'/.test(line));
  assert.equal(lines.length, 3);
  const answers = await Promise.all(
    lines.map((line) => firstAnswer(line.replace("http://127.0.0.1:8080", gateway.url))),
  );
  const event = new RegExp(`^retry: 1000\n\n(id: \\d+\n)data: ${CREATED}\n\n$`);
  for (const [i, expected] of [new RegExp(`^${CREATED}\n$`), event, event].entries()) {
    assert.match(answers[i] ?? "", expected, lines[i]);
  }
});

/** What a curl command prints in its first moments: the stream itself does not end. */
function firstAnswer(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile("sh", ["-c", `exec ${command} -sS --max-time 30`], (error, stdout) => {
      if (error !== null && error.signal !== "SIGTERM") reject(error);
      else resolve(stdout);
    });
    let text = "";
    child.stdout?.on("data", (chunk) => {
      text += chunk;
      if (text.includes("created") && text.endsWith("\n")) child.kill();
    });
  });
}
