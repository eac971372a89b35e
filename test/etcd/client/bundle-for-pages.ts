import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Makes a script for pages, as a bundler makes it of code that imports the packages. */
export async function bundleForPages(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL("../../../", import.meta.url)) },
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    conditions: ["@etcd-gateway/source"],
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
