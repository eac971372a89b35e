import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "@bufbuild/buf";

/**
 * Returns the path of buf's executable. The wrapper in node_modules/.bin is not used, because it starts another Node.js
 * process, which takes longer than buf itself.
 */
export function bufExecutable(): string {
  const require = createRequire(import.meta.url);
  const manifest: unknown = require(`${PACKAGE}/package.json`);
  for (const name of platformPackages(manifest)) {
    try {
      return require.resolve(`${name}/bin/buf`);
    } catch {
      // This is the package of another platform, which npm has not installed.
    }
  }
  throw new Error(`${PACKAGE} has no executable for this platform: run npm ci, without --omit=optional`);
}

function platformPackages(manifest: unknown): readonly string[] {
  if (typeof manifest !== "object" || manifest === null || !("optionalDependencies" in manifest)) return [];
  return Object.keys(manifest.optionalDependencies ?? {});
}

/** The folder in which npm links the executables of packages. */
const EXECUTABLES = fileURLToPath(new URL("../../node_modules/.bin", import.meta.url));

/**
 * Runs buf, with its messages on this process's standard error. Rejects if buf fails.
 *
 * @param plugins folders to search for plugins by name, before the executables of installed packages
 */
export function runBuf(args: readonly string[], cwd: string, plugins: readonly string[] = []): Promise<void> {
  const folders = [...plugins, EXECUTABLES, process.env["PATH"] ?? ""].join(delimiter);
  const env = { ...process.env, PATH: folders };
  return new Promise((resolve, reject) => {
    const child = spawn(bufExecutable(), args, { cwd, env, stdio: ["ignore", "ignore", "inherit"] });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`buf ${args[0]} failed (${signal ?? `exit code ${code}`}): see above`));
    });
  });
}
