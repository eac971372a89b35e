import { parseArgs } from "node:util";
import { OUTPUT, regenerate } from "./regenerate.js";

const COMMAND = "npm run generate";
const USAGE = `Usage: ${COMMAND} [-- --check]

Generates ${OUTPUT}/ from proto/, as buf.gen.yaml says.

  --check  write nothing; fail, naming the files, if ${OUTPUT}/ is not up to date
  --help   print this
`;

/** Runs the command in the working folder and returns its exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { check: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const started = performance.now();
  const { files, changes } = await regenerate(process.cwd(), values.check);
  const { missing, stale, extra } = changes;
  const took = `${Math.round(performance.now() - started)} ms`;
  const written = missing.length + stale.length;
  if (!values.check) {
    process.stdout.write(
      `proto -> ${OUTPUT}: ${files} files, ${written} written, ${extra.length} removed, in ${took}\n`,
    );
    return 0;
  }
  if (written + extra.length === 0) {
    process.stdout.write(`${OUTPUT} is up to date: ${files} files, checked in ${took}\n`);
    return 0;
  }
  const lines = [
    ...stale.map((name) => `${OUTPUT}/${name} is stale`),
    ...missing.map((name) => `${OUTPUT}/${name} is missing`),
    ...extra.map((name) => `${OUTPUT}/${name} should not be there`),
    `${OUTPUT} is not up to date: run ${COMMAND}, and commit what it changes`,
  ];
  process.stderr.write(`${lines.join("\n")}\n`);
  return 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
