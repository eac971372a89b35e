import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Report } from "./report.js";
import { goalTable, markdownTable } from "./text.js";

const TEMPLATE = fileURLToPath(new URL("performance.template.md", import.meta.url));
const PAGE = fileURLToPath(new URL("../../../docs/performance.md", import.meta.url));

/** The results of a full run, as they are stored. */
export interface Run {
  /** The description of the machine, a sentence of Markdown. */
  readonly machine: string;
  readonly results: readonly Result[];
}

/** The report of a benchmark, with its title and text. */
export interface Result {
  readonly title: string;
  readonly about: string;
  readonly report: Report;
}

/** Writes docs/performance.md: the template with the tables of a run. */
export async function writePage({ machine, results }: Run): Promise<void> {
  const sections = results.map(({ title, about, report }) =>
    [`## ${title}`, about, ...report.tables.map(markdownTable)].join("\n\n"),
  );
  const parts: Readonly<Record<string, string>> = {
    machine,
    goals: markdownTable(goalTable(results.flatMap(({ report }) => report.goals))),
    results: sections.join("\n\n"),
  };
  const template = await readFile(TEMPLATE, "utf8");
  const page = template.replaceAll(/\{\{(\w+)\}\}/g, (mark, name: string) => parts[name] ?? mark);
  await writeFile(PAGE, page);
}

/** The file that stores the last full run, so that the page can be written again when the template changes. */
export function keptRun(folder: string): string {
  return join(folder, "last-run.json");
}
