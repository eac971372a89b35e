import assert from "node:assert/strict";
import { it } from "node:test";
import { startFaultServer } from "../../faults/fault-server.js";
import { CommandProcess, type Ending } from "./command-process.js";
import { LOADED, TELL_LOADED } from "./loaded-modules.js";

/** The files that a run of the command has loaded, from the project's folder on. */
function loadedBy({ stderr }: Ending): string[] {
  const root = new URL("../../../", import.meta.url).href;
  return stderr
    .split("\n")
    .filter((line) => line.startsWith(LOADED + root))
    .map((line) => line.slice(LOADED.length + root.length).replace(/\?.*$/, ""));
}

for (const args of [["--help"], ["--version"], ["--nonsense"], ["--cacert", "/does/not/exist"]]) {
  it(`loads nothing of the gateway for ${args.join(" ")}`, async () => {
    const loaded = loadedBy(await new CommandProcess(args, TELL_LOADED).ended());
    assert.ok(loaded.includes("runtime/etcd/command/flags/flags.ts"));
    const others = loaded.filter((file) => !/^runtime\/etcd\/(version\.ts|command\/(?!serve|handlers))/.test(file));
    // The tables of options, which the flags are made from, the names and limits of their values, and small modules that
    // the tables or their entry need.
    const TABLES =
      /\/options(\.ts|\/)|-(option|options|settings|timeouts|grace|delay|depth|prefix|prefixes)\.ts$|\/(call\/rpc|transport\/metadata|errors\/(gateway-warning|thrown-text))\.ts$/;
    assert.deepEqual(
      others.filter((file) => !TABLES.test(file)),
      [],
    );
  });
}

for (const { channel, packages } of [
  { channel: "grpc-js", packages: ["@bufbuild/protobuf", "@grpc/grpc-js", "prom-client"] },
  { channel: "lean", packages: ["@bufbuild/protobuf", "prom-client"] },
]) {
  it(`serves over ${channel} without Express, other channels, and ws before the first WebSocket`, async () => {
    const server = await startFaultServer();
    server.handle("/etcdserverpb.KV/Range", (call) => call.answer(Buffer.alloc(0)));
    const args = ["--endpoints", server.endpoint, "--listen", "127.0.0.1:0", "--channel", channel];
    const command = new CommandProcess(args, TELL_LOADED);
    try {
      const { status } = await fetch(`${await command.url()}/v3/kv/range`, { method: "POST", body: "{}" });
      assert.equal(status, 200);
    } finally {
      await server.stop();
    }
    const loaded = loadedBy(await command.stop());
    const found = loaded.map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
    assert.deepEqual(new Set(found), new Set([undefined, ...packages]));
  });
}
