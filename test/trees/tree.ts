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

/** A request to the gateway of a tree, one of `get`, `put`, `post` and `call`, and what comes of it. */
export interface TreeRequest {
  /** The property of the generated client, and the rpc's: `library.getBook`. The body is then what the rpc takes. */
  readonly call?: string;
  readonly get?: string;
  readonly put?: string;
  readonly post?: string;
  readonly body?: unknown;
  /** 200 if absent. */
  readonly status?: number;
  /** The JSON of the answer; `"body"` for that of the request. */
  readonly answer?: unknown;
}

/** What a tree's `tree.json` says. */
export interface TreeSettings extends MoreOptions {
  /** Whether `google/api` is there to import, true if absent. */
  readonly google?: boolean;
  /** Whether it lies among the tree's own files, rather than in a module of its own. */
  readonly vendored?: boolean;
  /** Folders of installed packages with protos to import, by the folders that imports begin with. */
  readonly installed?: Readonly<Record<string, string>>;
  readonly gateway?: Pick<GatewayOptions, "access">;
  readonly requests: readonly TreeRequest[];
}

/** The names of the trees. */
export const TREES: readonly string[] = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** What is said of a tree beside its protos. */
export function treeSettings(name: string): TreeSettings {
  return JSON.parse(readFileSync(path.join(HERE, name, "tree.json"), "utf8"));
}

/** Copies a tree into a folder and generates from it there, as docs/generate.md says. */
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
