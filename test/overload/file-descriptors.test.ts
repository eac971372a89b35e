import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { test } from "node:test";
import { CommandProcess } from "../etcd/command/command-process.js";

/** How many clients come, and how many connections there is room for; for more while the process still reads its files. */
const CLIENTS = 300;
const ROOM = 10;

const hasTools = process.platform === "linux" && spawnSync("prlimit", ["--version"]).status === 0;

for (const room of [ROOM, -1]) {
  const what = room > 0 ? `few file descriptors left` : "no file descriptor left";
  test(`a gateway that has ${what} serves again when its clients have gone`, { skip: !hasTools }, async (t) => {
    const command = new CommandProcess(["--endpoints", "127.0.0.1:1", "--listen", "127.0.0.1:0"]);
    t.after(() => command.stop("SIGKILL"));
    const url = await command.url();
    const pid = String(command.pid);
    const limit = (files: number): void => void execFileSync("prlimit", ["--pid", pid, `--nofile=${files}:`]);
    limit(readdirSync(`/proc/${pid}/fd`).length + room);
    const { port } = new URL(url);
    const clients = Array.from({ length: CLIENTS }, () => connect(Number(port), "127.0.0.1").on("error", () => {}));
    t.after(() => clients.forEach((client) => void client.destroy()));
    if (room > 0) {
      let closed = 0;
      await new Promise<void>((resolve) => {
        for (const client of clients) client.once("close", () => ++closed >= CLIENTS / 2 && resolve());
      });
    } else {
      await Promise.all(clients.map((client) => once(client, "connect")));
    }
    for (const client of clients) client.destroy();
    limit(4096);
    // A request that comes while it is still busy with those who have gone may be cut off, too.
    let status = 0;
    while (status === 0)
      status = await fetch(`${url}/v3/none`).then(
        ({ status }) => status,
        () => 0,
      );
    assert.equal(status, 404);
    const { code, stderr } = await command.stop();
    assert.equal(code, 0, stderr);
  });
}
