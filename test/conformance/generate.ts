import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../examples/quickstart/etcd-server/run-command.js";

const plugin = fileURLToPath(new URL("../../generator/src/protoc-gen-express-gateway.ts", import.meta.url));
const buf = createRequire(import.meta.url).resolve("@bufbuild/buf/bin/buf");

/** Generates the codecs of all messages in a folder of protos, with the plugin as it is in the source tree. */
export async function generateCodecs(protos: string, out: string): Promise<void> {
  await rm(out, { recursive: true, force: true });
  const template = {
    version: "v2",
    plugins: [
      {
        local: [process.execPath, "--import", import.meta.resolve("tsx"), plugin],
        out,
        strategy: "all",
        // Some tests look at the names in the JSON that is written.
        opt: "json_names=json",
      },
    ],
  };
  await runCommand(process.execPath, [buf, "generate", protos, "--template", JSON.stringify(template)]);
}
