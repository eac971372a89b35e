import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runBuf } from "../../generator/regenerate/buf.js";

const plugin = fileURLToPath(new URL("../../generator/plugin/protoc-gen-express-gateway.ts", import.meta.url));

/** Generates the codecs of all messages in a folder of protos, with the plugin in the source tree. */
export async function generateCodecs(protos: string, out: string): Promise<void> {
  await rm(out, { recursive: true, force: true });
  const template = {
    version: "v2",
    plugins: [
      {
        local: [process.execPath, "--import", import.meta.resolve("tsx"), plugin],
        out,
        strategy: "all",
        // Some tests check the field names in the written JSON.
        opt: "json_names=json",
      },
    ],
  };
  await runBuf(["generate", protos, "--template", JSON.stringify(template)], protos);
}
