// Compares the gateway with etcd's own, the naive design, and floors. Usage: see USAGE.
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Bench } from "./bench.js";
import { buildPrograms, HOME } from "./build.js";
import { Lab } from "./lab.js";
import { describeMachine } from "./machine/describe.js";
import { benches } from "./registry.js";
import { keptRun, type Result, type Run, writePage } from "./report/page.js";
import type { Report } from "./report/report.js";
import { goalTable, textTable } from "./report/text.js";

const USAGE = `Usage: npm run bench [-- [--quick] [NAME...]]

Runs the benchmarks called NAME, by default all of them. A full run of all writes docs/performance.md.

  --quick  those that matter most, with less of everything, in about a minute; only prints
  --write  run nothing, write docs/performance.md again from the last full run and the template
  --help   print this

Names: ${benches.map(({ name }) => name).join(", ")}
`;

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { quick: { type: "boolean" }, write: { type: "boolean" }, help: { type: "boolean" } },
  });
  const unknown = positionals.find((name) => !benches.some((bench) => bench.name === name));
  if (unknown !== undefined) throw new Error(`there is no benchmark ${unknown}`);
  if (values.help === true) {
    process.stdout.write(USAGE);
    return;
  }
  if (values.write === true) {
    const run: Run = JSON.parse(await readFile(keptRun(HOME), "utf8"));
    await writePage(run);
    return;
  }
  if (process.platform !== "linux") throw new Error("CPU time and memory are read from /proc: this needs Linux");

  const isQuick = values.quick === true;
  const lab = new Lab(isQuick ? "quick" : "full");
  const end = (code: number) => lab.close().finally(() => process.exit(code));
  process.once("SIGINT", () => end(130));
  process.once("SIGTERM", () => end(143));
  try {
    const machine = describeMachine(await lab.etcdVersion());
    console.log(machine);
    await buildPrograms(lab.children);
    const isAll = positionals.length === 0;
    const chosen = benches.filter((bench) => (isAll ? bench.isQuick || !isQuick : positionals.includes(bench.name)));
    const results = await runAll(lab, chosen);
    if (!isAll || isQuick || results.length < chosen.length) return;
    const run: Run = { machine, results };
    await writeFile(keptRun(HOME), JSON.stringify(run));
    await writePage(run);
  } finally {
    await lab.close();
  }
}

/** Runs benchmarks one after the other. If one fails, the others still run. */
async function runAll(lab: Lab, chosen: readonly Bench[]): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const bench of chosen) {
    console.log(`\n## ${bench.title}`);
    const started = performance.now();
    try {
      const report = await bench.run(lab);
      print(report);
      results.push({ title: bench.title, about: bench.about, report });
    } catch (error) {
      console.error(error);
      process.exitCode = 1;
    }
    await lab.close();
    console.log(`\n(${bench.name}: ${Math.round((performance.now() - started) / 1000)} s)`);
  }
  return results;
}

function print({ tables, goals }: Report): void {
  for (const table of tables) console.log(`\n${textTable(table)}`);
  if (goals.length > 0) console.log(`\n${textTable(goalTable(goals))}`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
