// Runs the tests. Usage: npm test [-- PATH...]
// A PATH is a test file or a folder of them; without any, all tests run, save for those of the packages, which
// npm run test:packages runs.
import { setMaxListeners } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, relative, resolve } from "node:path";
import { run } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";

/** How long one file of tests, and all of them, may take, in milliseconds. */
const fileTimeout = 480_000;
const totalTimeout = 900_000;

const paths = process.argv.slice(2);
const testFolder = fileURLToPath(new URL(".", import.meta.url));
const packagesFolder = resolve(testFolder, "packages");
const files = (paths.length === 0 ? [testFolder] : paths)
  .flatMap((path) => testFiles(resolve(path)))
  .filter((file) => paths.length > 0 || dirname(file) !== packagesFolder)
  .sort();
if (files.length === 0) {
  console.error("no test found: a test is a file called *.test.ts under test/");
  process.exit(1);
}

const stop = new AbortController();
setMaxListeners(files.length + 10, stop.signal);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

// A file that has timed out still counts as running while a process that it left behind holds its output open.
setTimeout(() => {
  console.log(`✖ the tests were not over in ${totalTimeout / 60_000} minutes`);
  process.exit(1);
}, totalTimeout).unref();

let isGood = true;
const concurrency = Math.max(2, availableParallelism());
// The files run in processes of their own, with the flags of this one.
for await (const { type, data } of run({ files, concurrency, timeout: fileTimeout, signal: stop.signal })) {
  if (type === "test:stdout") process.stdout.write(data.message);
  if (type === "test:stderr") process.stderr.write(data.message);
  if (type === "test:diagnostic" && data.nesting === 0) console.log(`ℹ ${data.message}`);
  if (type === "test:pass" && data.nesting === 0) {
    // node:test takes a file that ends well for a test of its own if it has none.
    const isEmpty = data.file !== undefined && resolve(data.name) === data.file;
    if (isEmpty) isGood = false;
    console.log(isEmpty ? `✖ ${place(data.file)} has no test` : `✔ ${place(data.file)} › ${data.name}`);
  }
  if (type === "test:fail") {
    isGood = false;
    const error: Error & { failureType?: unknown } = data.details.error;
    console.log(`✖ ${place(data.file)} › ${data.name}`);
    if (error.failureType !== "subtestsFailed") console.log(describe(error.cause ?? error).replace(/^/gm, "    "));
  }
}
process.exitCode = isGood && !stop.signal.aborted ? 0 : 1;

function testFiles(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".test.ts")).map((name) => resolve(path, name));
}

/** The stack of a failed assertion says all; other errors may have properties and causes. */
function describe(error: unknown): string {
  return error instanceof Error && error.name === "AssertionError" ? (error.stack ?? error.message) : inspect(error);
}

function place(file: string | undefined): string {
  return file === undefined ? "" : relative(process.cwd(), file);
}
