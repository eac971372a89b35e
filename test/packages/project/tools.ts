import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run-program.js";

const HOME = fileURLToPath(new URL("../../../.cache/packages/tools", import.meta.url));

/** The TypeScript versions that are tested. */
export const TYPESCRIPTS = ["5.9", "6.0", "7.0"] as const;

const DEPENDENCIES = {
  "@arethetypeswrong/cli": "~0.18.2",
  publint: "~0.3.25",
  webpack: "^5.0.0",
  ...Object.fromEntries(TYPESCRIPTS.map((version) => [`typescript-${version}`, `npm:typescript@~${version}.0`])),
};

/** Installs the compilers, the bundler, and the tools that check packages, on first use. */
export async function installTools(): Promise<void> {
  const manifest = JSON.stringify({ private: true, dependencies: DEPENDENCIES });
  const file = path.join(HOME, "package.json");
  if (existsSync(file) && readFileSync(file, "utf8") === manifest && existsSync(path.join(HOME, "installed"))) return;
  mkdirSync(HOME, { recursive: true });
  writeFileSync(file, manifest);
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], HOME);
  writeFileSync(path.join(HOME, "installed"), "");
}

/** Compiles a project with a version of TypeScript. Rejects with the compiler's output if it fails. */
export async function compileWith(
  version: (typeof TYPESCRIPTS)[number],
  folder: string,
  ...flags: readonly string[]
): Promise<void> {
  await run(process.execPath, [tool(`typescript-${version}/bin/tsc`), "-p", folder, ...flags], folder);
}

/** Returns the path of a tool's file. */
export function tool(file: string): string {
  return path.join(HOME, "node_modules", file);
}
