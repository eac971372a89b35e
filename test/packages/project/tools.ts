import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run-program.js";

const HOME = fileURLToPath(new URL("../../../.cache/packages/tools", import.meta.url));

/** The compilers that users may have. */
export const TYPESCRIPTS = ["5.9", "6.0", "7.0"] as const;

const DEPENDENCIES = {
  "@arethetypeswrong/cli": "~0.18.2",
  publint: "~0.3.25",
  webpack: "^5.0.0",
  ...Object.fromEntries(TYPESCRIPTS.map((version) => [`typescript-${version}`, `npm:typescript@~${version}.0`])),
};

/** Installs the compilers, the bundler, and what checks packages, when they are first needed. */
export async function installTools(): Promise<void> {
  const manifest = JSON.stringify({ private: true, dependencies: DEPENDENCIES });
  const file = path.join(HOME, "package.json");
  if (existsSync(file) && readFileSync(file, "utf8") === manifest && existsSync(path.join(HOME, "installed"))) return;
  mkdirSync(HOME, { recursive: true });
  writeFileSync(file, manifest);
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], HOME);
  writeFileSync(path.join(HOME, "installed"), "");
}

/** Compiles a project with a version of TypeScript. Rejects with what it has to say. */
export async function compileWith(
  version: (typeof TYPESCRIPTS)[number],
  folder: string,
  ...flags: readonly string[]
): Promise<void> {
  await run(process.execPath, [tool(`typescript-${version}/bin/tsc`), "-p", folder, ...flags], folder);
}

/** The path of a file of a tool. */
export function tool(file: string): string {
  return path.join(HOME, "node_modules", file);
}
