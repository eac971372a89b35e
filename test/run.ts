import { setMaxListeners } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, relative, resolve } from "node:path";
import { run } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect, parseArgs } from "node:util";
import { DEFAULT_VERSION, ETCD_VERSIONS } from "./etcd-server/etcd-versions.js";
import { usesChannel } from "./uses-channel.js";

const usage = `Runs the tests. Usage: npm test [-- [--kind KIND]... PATH...]

A PATH is a test file or a folder of them; without any, all tests of the kinds run, save for those of the packages,
which npm run test:packages runs. Tests of a kind are called *.KIND.ts. The kind is test by default; the scripts in
package.json name the others. The tests of the first kind begin first.

Environment:
  TEST_MINUTES       how long all of them may take, 15 by default; what is not over then is named, and ended
  TEST_FILE_MINUTES  how long one file may take, 8 by default
  TEST_HANG_MINUTES  how long a file may go on while none of its tests begins or ends, 3 by default
  TEST_CHANNEL       lean: the tests that use one channel use that one, and only they run
  ETCD_TEST_VERSION  the version of etcd for the tests that use only one, ${DEFAULT_VERSION} by default: ${ETCD_VERSIONS.join(", ")} or an exact one
  TEST_CONCURRENCY   how many files run at a time, by default one more than there are processors, because they wait a lot;
                     of those with a browser, which waits little, as many as there are processors, but at least 2`;

const { kinds, help, paths } = readArguments();
if (help) {
  console.log(usage);
  process.exit(0);
}
const totalMinutes = positiveNumber("TEST_MINUTES", 15);
const fileMinutes = positiveNumber("TEST_FILE_MINUTES", 8);
positiveNumber("TEST_HANG_MINUTES", 3);
const processors = availableParallelism();
const concurrency = positiveNumber(
  "TEST_CONCURRENCY",
  kinds.includes("browser") ? Math.max(2, processors) : processors + 1,
);

const testFolder = fileURLToPath(new URL(".", import.meta.url));
const packagesFolder = resolve(testFolder, "packages");
const found = kinds.flatMap((kind) =>
  (paths.length === 0 ? [testFolder] : paths).flatMap((path) => testFiles(resolve(path), kind)).sort(),
);
const files = [...new Set(found)]
  .filter((file) => paths.length > 0 || dirname(file) !== packagesFolder)
  .filter((file) => process.env["TEST_CHANNEL"] === undefined || usesChannel(file));
if (files.length === 0) {
  console.error(
    `no test found: a test is a file called ${kinds.map((kind) => `*.${kind}.ts`).join(" or ")} under test/`,
  );
  process.exit(1);
}

const stop = new AbortController();
setMaxListeners(files.length + 10, stop.signal);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

/** When each file began, and how long it took, in milliseconds. */
const begun = new Map<string, number>();
const durations = new Map<string, number>();

// A file that has timed out still counts as running while a process that it left behind holds its output open.
setTimeout(() => {
  const pending = files.filter((file) => !durations.has(file));
  const states = pending.map((file) => {
    const start = begun.get(file);
    const state = start === undefined ? "not begun" : `running for ${seconds(performance.now() - start)}`;
    return `    ${place(file)}: ${state}`;
  });
  fail(`the tests were not over in ${totalMinutes} minutes (TEST_MINUTES)`, states.join("\n"), states.length);
  tellSlow();
  tellFailures();
  stop.abort();
  process.exit(1);
}, totalMinutes * 60_000).unref();

/** The tests of each file that are under way, by their names. */
const running = new Map<string, Set<string>>();

/** The failures so far: what failed, and the first lines of why. */
const failures: string[] = [];

// The files run in processes of their own, with the flags of this one. Node.js 20 knows no other flags.
const execArgv = ["--import", new URL("hung-test.ts", import.meta.url).href];
process.execArgv.push(...execArgv);
const options = { files, concurrency, timeout: fileMinutes * 60_000, signal: stop.signal, execArgv };
for await (const { type, data } of run(options)) {
  if (type === "test:dequeue" && isFile(data)) begun.set(resolve(data.name), performance.now());
  if (type === "test:complete" && isFile(data)) durations.set(resolve(data.name), data.details.duration_ms);
  if (type === "test:dequeue" && !isFile(data)) testsOf(data).add(data.name);
  if (type === "test:complete" && !isFile(data)) testsOf(data).delete(data.name);
  if (type === "test:stdout") process.stdout.write(data.message);
  if (type === "test:stderr") process.stderr.write(data.message);
  if (type === "test:diagnostic" && data.nesting === 0) console.log(`ℹ ${data.message}`);
  if (type === "test:pass" && data.nesting === 0) {
    // node:test takes a file that ends well for a test of its own if it has none.
    if (isFile(data)) fail(`${place(data.file)} has no test`, "");
    else console.log(`✔ ${place(data.file)} › ${data.name}`);
  }
  if (type === "test:fail") {
    const error: Error & { failureType?: unknown } = data.details.error;
    const name = `${place(data.file)} › ${data.name}`;
    // What is around a test that failed says nothing of its own.
    if (error.failureType === "subtestsFailed") console.log(`✖ ${name}`);
    else fail(name, [describe(error.cause ?? error), ...pendingTests(data)].join("\n").replace(/^/gm, "    "));
  }
}
tellSlow();
tellFailures();
process.exitCode = failures.length === 0 && !stop.signal.aborted ? 0 : 1;

function testsOf({ file }: { file?: string | undefined }): Set<string> {
  const key = resolve(file ?? "");
  const tests = running.get(key) ?? new Set();
  running.set(key, tests);
  return tests;
}

/** Which tests of a file were under way as that was ended. */
function pendingTests(data: { name: string; file?: string | undefined }): string[] {
  const names = isFile(data) ? [...testsOf(data)] : [];
  return names.length > 0 ? [`under way: ${names.join(", ")}`] : [];
}

/**
 * Tells of a failure, and keeps the first lines for the end.
 *
 * @param lines how many of them
 */
function fail(what: string, why: string, lines: number = 12): void {
  const all = [`✖ ${what}`, ...why.split("\n").filter((line) => line.trim() !== "")];
  console.log(all.join("\n"));
  failures.push(all.slice(0, lines + 1).join("\n"));
}

/** Says again what failed: the last that the tests print, for those who see no more than the end. */
function tellFailures(): void {
  if (failures.length > 0) console.log(["", `failed (${failures.length}):`, ...failures].join("\n"));
}

/** Names the files that took longest, if they took over 20 s. */
function tellSlow(): void {
  const slow = [...durations].filter(([, duration]) => duration > 20_000).sort(([, a], [, b]) => b - a);
  for (const [file, duration] of slow) console.log(`ℹ ${place(file)} took ${seconds(duration)}`);
}

function readArguments(): { kinds: readonly string[]; help: boolean; paths: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      options: {
        kind: { type: "string", multiple: true, default: ["test"] },
        help: { type: "boolean", short: "h", default: false },
      },
      allowPositionals: true,
    });
    return { kinds: values.kind, help: values.help, paths: positionals };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    return process.exit(1);
  }
}

function positiveNumber(variable: string, standard: number): number {
  const value = Number(process.env[variable] ?? standard);
  if (value > 0 && value < 10_000) return value;
  console.error(`${variable} is ${JSON.stringify(process.env[variable])}; it must be a number between 0 and 10000`);
  return process.exit(1);
}

/** Whether an event is of a whole file: node:test calls it by its path. */
function isFile(data: { name: string; file?: string | undefined }): boolean {
  return data.file !== undefined && resolve(data.name) === data.file;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function testFiles(path: string, kind: string): string[] {
  if (statSync(path).isFile()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(`.${kind}.ts`)).map((name) => resolve(path, name));
}

/** The stack of a failed assertion says all; other errors may have properties and causes. */
function describe(error: unknown): string {
  return error instanceof Error && error.name === "AssertionError" ? (error.stack ?? error.message) : inspect(error);
}

function place(file: string | undefined): string {
  return file === undefined ? "" : relative(process.cwd(), file);
}
