// Runs the tests on every major version of Node.js that is supported. Usage: npm run test:matrix [-- PATH...]
// The versions come from npm, into .cache/node, when they are first needed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const supported = ["20", "22", "24", "26"];
const home = fileURLToPath(new URL("../.cache/node/", import.meta.url));

const failed = supported.filter((major) => !passes(major, nodeBinary(major)));
console.log(`\npassed on Node ${supported.filter((major) => !failed.includes(major)).join(", ") || "none"}`);
if (failed.length > 0) console.log(`failed on Node ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;

function passes(major: string, binary: string): boolean {
  const version = spawnSync(binary, ["--version"], { encoding: "utf8" }).stdout.trim();
  if (!version.startsWith(`v${major}.`)) throw new Error(`${binary} is Node ${version}, not ${major}: remove it`);
  console.log(`\nNode ${version}`);
  const args = ["--conditions=@etcd-gateway/source", "--import", "tsx", "test/run.ts", ...process.argv.slice(2)];
  const env = { ...process.env, PATH: dirname(binary) + delimiter + (process.env["PATH"] ?? "") };
  return spawnSync(binary, args, { stdio: "inherit", env }).status === 0;
}

/** The executable of the newest release of a major version. */
function nodeBinary(major: string): string {
  const binary = join(home, major, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(binary)) return binary;
  const prefix = join(home, major);
  mkdirSync(prefix, { recursive: true });
  // The package `node` would fetch this one in an install script; by its own name it needs none.
  const platform = process.platform === "win32" ? "win" : process.platform;
  const dependency = `node@npm:node-${platform}-${process.arch}@${major}`;
  const install = ["install", "--no-save", "--ignore-scripts", "--prefix", prefix, dependency];
  const { status } = spawnSync("npm", install, { stdio: "inherit", shell: process.platform === "win32" });
  if (status !== 0 || !existsSync(binary)) throw new Error(`npm install of ${dependency} failed`);
  return binary;
}
