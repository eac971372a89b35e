import { posix } from "node:path";
import { parseArgs } from "node:util";
import { OUTPUT, regenerate } from "./regenerate.js";

const COMMAND = "npm run generate";
/** The folders with a buf.gen.yaml. */
const PROJECTS = [".", "examples/bookstore"];
const USAGE = `Usage: ${COMMAND} [-- [--check] [PROJECT...]]

Generates ${OUTPUT}/ from proto/, as buf.gen.yaml says, in each PROJECT: a folder, by default ${PROJECTS.join(" and ")}

  --check  write nothing; fail, naming the files, if ${OUTPUT}/ is not up to date
  --help   print this
`;

/** Runs the command in the working folder and returns its exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { check: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  let isUpToDate = true;
  for (const project of positionals.length > 0 ? positionals : PROJECTS)
    isUpToDate = (await runIn(project, values.check)) && isUpToDate;
  return isUpToDate ? 0 : 1;
}

/** Generates the output of a project, or only checks it. Returns whether the output is up to date. */
async function runIn(project: string, check: boolean): Promise<boolean> {
  const started = performance.now();
  const output = posix.join(project, OUTPUT);
  const { files, changes } = await regenerate(project, check);
  const { missing, stale, extra } = changes;
  const took = `${Math.round(performance.now() - started)} ms`;
  const written = missing.length + stale.length;
  if (!check) {
    const counts = `${files} files, ${written} written, ${extra.length} removed`;
    process.stdout.write(`${posix.join(project, "proto")} -> ${output}: ${counts}, in ${took}\n`);
    return true;
  }
  if (written + extra.length === 0) {
    process.stdout.write(`${output} is up to date: ${files} files, checked in ${took}\n`);
    return true;
  }
  const lines = [
    ...stale.map((name) => `${output}/${name} is stale`),
    ...missing.map((name) => `${output}/${name} is missing`),
    ...extra.map((name) => `${output}/${name} should not be there`),
    `${output} is not up to date: run ${COMMAND}, and commit what it changes`,
  ];
  process.stderr.write(`${lines.join("\n")}\n`);
  return false;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
