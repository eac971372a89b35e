#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { isatty } from "node:tty";
import { parseArgs } from "node:util";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, CodeGeneratorResponseSchema } from "@bufbuild/protobuf/wkt";
import { init } from "./init/init.js";
import { VERSION } from "./version.js";

const STDIN = 0;
const USAGE = `Usage: protoc-gen-express-gateway init [--force]

init reads the protos in this folder, and writes buf.gen.yaml, a server.ts and other files that are missing.
It does not replace existing files, unless you add --force.
Without arguments, this is a plugin, which buf and protoc start.

  --force    replace existing files
  --version  print the version
  --help     print this text
`;

const args = process.argv.slice(2);
// A compiler passes no arguments, and sends a request on standard input. `isatty` is used because access to
// process.stdin would make a read fail if the pipe has no data yet.
if (args.length > 0 || isatty(STDIN)) process.exitCode = command(args);
else await generate();

function command(args: readonly string[]): number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { force: { type: "boolean" }, help: { type: "boolean" }, version: { type: "boolean" } },
    });
    if (values.version || values.help) {
      process.stdout.write(values.version ? `${VERSION}\n` : USAGE);
      return 0;
    }
    if (positionals.join(" ") === "init") {
      const { output, exitCode } = init(process.cwd(), values.force ?? false);
      (exitCode === 0 ? process.stdout : process.stderr).write(output);
      return exitCode;
    }
    const wrong = positionals.find((argument) => argument !== "init");
    if (wrong !== undefined) {
      process.stderr.write(`protoc-gen-express-gateway: unexpected argument ${JSON.stringify(wrong)}\n`);
    }
  } catch (error) {
    process.stderr.write(`protoc-gen-express-gateway: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  process.stderr.write(USAGE);
  return 2;
}

async function generate(): Promise<void> {
  // Imported only when it is needed, because it takes a while to load.
  const { responseOf, runPlugin } = await import("./plugin.js");
  const result = runPlugin(fromBinary(CodeGeneratorRequestSchema, readFileSync(STDIN)));
  for (const warning of result.warnings) process.stderr.write(`${warning}\n`);
  // A synchronous write would fail if the compiler's pipe is full.
  process.stdout.write(toBinary(CodeGeneratorResponseSchema, responseOf(result)));
}
