import assert from "node:assert/strict";
import { it } from "node:test";
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
    const own = ["command/cli.ts", "command/flags.ts", "command/loopback-hosts.ts", "version.ts"];
    assert.deepEqual(
      loaded.sort(),
      own.map((name) => `runtime/etcd/${name}`),
    );
  });
}

it("serves without Express, and without ws before the first WebSocket", async () => {
  const command = new CommandProcess(["--listen", "127.0.0.1:0"], TELL_LOADED);
  await command.url();
  const loaded = loadedBy(await command.stop());
  const packages = loaded.map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  assert.deepEqual(new Set(packages), new Set([undefined, "@bufbuild/protobuf", "@grpc/grpc-js"]));
});
