// Measures the gateway against etcd's own, the naive design, and floors. Usage: see USAGE.
import { parseArgs } from "node:util";
import { buildPrograms } from "./build.js";
import { Lab } from "./lab.js";
import { benches } from "./registry.js";
import { goalTable, textTable } from "./report/text.js";

const USAGE = `Usage: npm run bench [-- [--quick] [NAME...]]

Runs the benchmarks called NAME, by default all of them. A full run of all writes docs/performance.md.

  --quick  those that matter most, with less of everything, in less than a minute
  --help   print this

Names: ${benches.map(({ name }) => name).join(", ")}
`;

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { quick: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  const unknown = positionals.find((name) => !benches.some((bench) => bench.name === name));
  if (unknown !== undefined) throw new Error(`there is no benchmark ${unknown}`);
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  if (process.platform !== "linux") throw new Error("CPU time and memory are read from /proc: this needs Linux");

  const lab = new Lab(values.quick ? "quick" : "full");
  const end = (code: number) => lab.close().finally(() => process.exit(code));
  process.once("SIGINT", () => end(130));
  process.once("SIGTERM", () => end(143));
  try {
    await buildPrograms(lab.children);
    const chosen = benches.filter(({ name, isQuick }) =>
      positionals.length > 0 ? positionals.includes(name) : isQuick || !values.quick,
    );
    for (const bench of chosen) {
      console.log(`\n## ${bench.title}`);
      const started = performance.now();
      const { tables, goals } = await bench.run(lab);
      await lab.close();
      for (const table of tables) console.log(`\n${textTable(table)}`);
      if (goals.length > 0) console.log(`\n${textTable(goalTable(goals))}`);
      console.log(`\n(${Math.round((performance.now() - started) / 1000)} s)`);
    }
  } finally {
    await lab.close();
  }
}

await main(process.argv.slice(2));
