import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { run } from "../project/run-program.js";
import { tool } from "../project/tools.js";

/**
 * Checks a tarball with npm, publint and attw (Are the types wrong?).
 *
 * @throws Error with all findings
 */
export async function checkPackage(tarball: string): Promise<void> {
  const findings = [
    ...(await npmFindings(tarball)),
    ...(await publintFindings(tarball)),
    ...(await attwFindings(tarball)),
  ];
  if (findings.length > 0) throw new Error(`${path.basename(tarball)}:\n${findings.join("\n")}`);
}

/** Returns the warnings that npm would print. */
async function npmFindings(tarball: string): Promise<readonly string[]> {
  const { stderr } = await run("npm", ["publish", "--dry-run", "--tag", "next", tarball], path.dirname(tarball));
  return stderr.split("\n").filter((line) => /^npm (warn|error)/i.test(line) && !/logged in|--dry-run/.test(line));
}

async function publintFindings(tarball: string): Promise<readonly string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "publint-"));
  try {
    await run("tar", ["xzf", tarball, "-C", folder], folder);
    const { publint } = await import(pathToFileURL(tool("publint/src/index-node.js")).href);
    const { messages } = await publint({ pkgDir: path.join(folder, "package"), pack: false, strict: true });
    return messages.map((message: unknown) => `publint: ${JSON.stringify(message)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * attw reports that CommonJS loads the packages with `require()` of ES modules. Node.js supports this since 20.19 and
 * 22.12.
 */
async function attwFindings(tarball: string): Promise<readonly string[]> {
  const program = tool("@arethetypeswrong/cli/dist/index.js");
  const flags = ["--ignore-rules", "cjs-resolves-to-esm", "--format", "ascii", "--no-color", "--no-emoji"];
  try {
    await run(process.execPath, [program, tarball, ...flags], path.dirname(tarball));
    return [];
  } catch (error) {
    return [`attw: ${error instanceof Error ? error.message : String(error)}`];
  }
}
