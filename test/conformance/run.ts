// Runs protobuf's own conformance suite, as far as it has JSON in it, against the codecs that the plugin generates for the
// suite's messages. Usage: npm run conformance
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { directions, isRun } from "./direction.js";
import { generateCodecs } from "./generate.js";
import { runnerCommand } from "./newer-libraries.js";
import { recordedSuccesses } from "./recorded.js";
import { runSuite } from "./runner.js";
import { maximumEdition, obtainSuite, suitePackage } from "./suite.js";
import { readCounts } from "./tally.js";
import { complaints } from "./verdict.js";

const cache = fileURLToPath(new URL("../../.cache/conformance/", import.meta.url));
const testee = fileURLToPath(new URL("testee.ts", import.meta.url));

const suite = await obtainSuite(cache, console.log);
const runner = await runnerCommand(suite.runner, cache, console.log);
const scratch = await mkdtemp(join(tmpdir(), "conformance-"));
try {
  const codecs = join(cache, "generated");
  await generateCodecs(suite.protos, codecs);
  const counts = join(scratch, "counts");
  const node = [process.execPath, "--conditions=@etcd-gateway/source", "--import", import.meta.resolve("tsx")];
  const result = await runSuite(runner, maximumEdition, [...node, testee, codecs, counts]);
  const own = readCounts(counts);

  for (const message of result.failureMessages) console.log(message);
  console.log(
    `${suitePackage.name} ${suitePackage.version}, editions up to ${maximumEdition}, recommended tests enforced`,
  );
  for (const direction of directions) {
    const note = isRun(direction) ? "" : " (has no JSON transcoding in it)";
    console.log(`  ${direction.padEnd(10)} ${own.answered[direction]} run, ${own.skipped[direction]} skipped${note}`);
  }
  console.log(`${result.successes} successes, ${result.failures} failures, ${result.skipped} skipped`);
  for (const complaint of complaints(result, own, recordedSuccesses)) {
    console.error(complaint);
    process.exitCode = 1;
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
