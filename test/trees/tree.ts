import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runBuf } from "../../generator/regenerate/buf.js";
import type { GatewayOptions } from "../../runtime/core/index.js";
import { documentedTemplate, type MoreOptions } from "./documented-template.js";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const PACKAGES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const GOOGLE = fileURLToPath(new URL("../../proto/google", import.meta.url));

/** A request to the gateway of a tree, and its expected response. It has one of `get`, `put`, `post` and `call`. */
export interface TreeRequest {
  /** The properties of the generated client and of the RPC: `library.getBook`. `body` is then the RPC's argument. */
  readonly call?: string;
  readonly get?: string;
  readonly put?: string;
  readonly post?: string;
  readonly body?: unknown;
  /** The default is 200. */
  readonly status?: number;
  /** The JSON of the response. `"body"` means that of the request. */
  readonly answer?: unknown;
}

/** The content of a tree's `tree.json`. */
export interface TreeSettings extends MoreOptions {
  /** Whether imports of `google/api` are available. The default is true. */
  readonly google?: boolean;
  /** Whether `google/api` is among the tree's own files. By default it is in a separate module. */
  readonly vendored?: boolean;
  /** Folders of installed packages with protos to import, by the folder at the beginning of import paths. */
  readonly installed?: Readonly<Record<string, string>>;
  readonly gateway?: Pick<GatewayOptions, "access">;
  readonly requests: readonly TreeRequest[];
}

/** The names of the trees. */
export const TREES: readonly string[] = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** Reads a tree's `tree.json`. */
export function treeSettings(name: string): TreeSettings {
  return JSON.parse(readFileSync(path.join(HERE, name, "tree.json"), "utf8"));
}

/** Copies a tree into a folder and generates code from it, as docs/generate.md describes. */
export async function generateTree(name: string, folder: string): Promise<void> {
  const { google = true, vendored = false, installed = {}, ...settings } = treeSettings(name);
  await cp(path.join(HERE, name), folder, { recursive: true });
  if (google) await cp(GOOGLE, path.join(folder, vendored ? "proto" : "deps", "google"), { recursive: true });
  for (const [imported, from] of Object.entries(installed)) {
    await cp(path.join(PACKAGES, from), path.join(folder, "deps", imported), { recursive: true });
  }
  mkdirSync(path.join(folder, "deps"), { recursive: true });
  const modules = [{ path: "proto" }, ...(readdirSync(path.join(folder, "deps")).length > 0 ? [{ path: "deps" }] : [])];
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "buf.yaml"), JSON.stringify({ version: "v2", modules }));
  await writeFile(path.join(folder, "buf.gen.yaml"), JSON.stringify(documentedTemplate(settings)));
  await runBuf(["generate"], folder);
}
