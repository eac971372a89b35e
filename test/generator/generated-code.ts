import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runBuf } from "../../generator/regenerate/buf.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TSC = path.join(ROOT, "node_modules/typescript/bin/tsc");

/**
 * Generates code with ts-proto and the plugin, into `generated/` in a folder.
 *
 * @param protos the folder of the protos
 * @param options the options of the two plugins
 */
export async function generate(
  protos: string,
  folder: string,
  options: { readonly tsProto: string | readonly string[]; readonly plugin: string | readonly string[] },
): Promise<void> {
  const template = {
    version: "v2",
    plugins: [
      {
        local: ["node", "node_modules/ts-proto/protoc-gen-ts_proto"],
        out: "generated/messages",
        strategy: "all",
        include_imports: true,
        include_wkt: true,
        opt: options.tsProto,
      },
      {
        local: ["node", "--import", "tsx", "generator/plugin/protoc-gen-express-gateway.ts"],
        out: "generated",
        strategy: "all",
        opt: options.plugin,
      },
    ],
  };
  await runBuf(["generate", protos, "--template", JSON.stringify(template), "--output", folder], ROOT);
}

/**
 * Writes the strictest settings of the compiler into a folder, for the generated code in it.
 *
 * @param folder a folder in `.cache/`, so that the code finds the packages of the repository
 * @param include the folders with code
 */
export async function writeStrictSettings(
  folder: string,
  compilerOptions: object = {},
  include: readonly string[] = ["generated"],
): Promise<void> {
  const settings = {
    extends: "../../tsconfig.base.json",
    compilerOptions: {
      rootDir: "../..",
      noEmit: true,
      composite: false,
      incremental: false,
      declarationMap: false,
      customConditions: ["@etcd-gateway/source"],
      ...compilerOptions,
    },
    include,
  };
  await writeFile(path.join(folder, "tsconfig.json"), JSON.stringify(settings));
}

/** Compiles the code in a folder with its settings. */
export async function assertCompiles(folder: string): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, [TSC, "-p", folder]).catch((error: unknown) =>
    assert.fail(error instanceof Error && "stdout" in error ? String(error.stdout) : String(error)),
  );
  assert.equal(stdout, "");
}
