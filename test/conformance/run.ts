// Runs protobuf's own conformance suite, as far as it has JSON in it, against the codecs that the plugin generates for the
// suite's messages. Usage: npm run conformance
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCodecs } from "./codecs.js";
import { directions, isRun } from "./direction.js";
import { generateCodecs } from "./generate.js";
import { runnerCommand } from "./newer-libraries.js";
import { recordedSuccesses } from "./recorded.js";
import { type RunnerResult, runSuite } from "./runner.js";
import { maximumEdition, obtainSuite, suitePackage } from "./suite.js";
import { type OwnCount, readCounts } from "./tally.js";
import { complaints } from "./verdict.js";

const cache = fileURLToPath(new URL("../../.cache/conformance/", import.meta.url));
const testee = fileURLToPath(new URL("testee.ts", import.meta.url));

const scratch = await mkdtemp(join(tmpdir(), "conformance-"));
try {
  const suite = await obtainSuite(cache, console.log);
  const runner = await runnerCommand(suite.runner, cache, console.log);
  const codecs = join(cache, "generated");
  await generateCodecs(suite.protos, codecs);
  // The runner would start a program that fails at once again for each of its tests.
  await loadCodecs(codecs);
  const counts = join(scratch, "counts");
  const node = [process.execPath, "--conditions=@etcd-gateway/source", "--import", import.meta.resolve("tsx")];
  const log = join(scratch, "log");
  const result = await runSuite(runner, maximumEdition, [...node, testee, codecs, counts], log);
  const own = readCounts(counts);
  print(result, own);
  for (const complaint of complaints(result, own, recordedSuccesses)) fail(complaint);
} catch (error) {
  fail(explain(error));
} finally {
  await rm(scratch, { recursive: true, force: true });
}

function print(result: RunnerResult, own: OwnCount): void {
  for (const message of result.failureMessages) console.log(message);
  console.log(
    `${suitePackage.name} ${suitePackage.version}, editions up to ${maximumEdition}, recommended tests enforced`,
  );
  for (const direction of directions) {
    const counted = `${own.answered[direction]} run, ${own.skipped[direction]} skipped`;
    console.log(`  ${direction.padEnd(10)} ${counted}${isRun(direction) ? "" : ": no JSON transcoding in it"}`);
  }
  console.log(`${result.successes} successes, ${result.failures} failures, ${result.skipped} skipped`);
}

function fail(reason: string): void {
  console.error(`conformance failed: ${reason}`);
  process.exitCode = 1;
}

/** What went wrong, with all that a program which was run has said of it. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}\n${explain(error.cause)}` : error.message;
}
