import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { differences, GROUPS } from "./differences.js";

/** The page that has the list. */
export const PAGE: string = fileURLToPath(new URL("../../docs/parity.md", import.meta.url));

const BEGIN = "<!-- differences: written by `npm run parity:docs` -->";
const END = "<!-- end of differences -->";

/**
 * The page with the list of differences as it should be.
 *
 * @throws Error if the page has no place for it
 */
export function pageWithDifferences(): string {
  const page = readFileSync(PAGE, "utf8");
  const [head, rest] = page.split(BEGIN);
  const tail = rest?.split(END)[1];
  if (head === undefined || tail === undefined) throw new Error(`${PAGE} has no lines "${BEGIN}" and "${END}"`);
  return `${head}${BEGIN}\n\n${GROUPS.map(table).join("\n")}\n${END}${tail}`;
}

/** The heading and the table of a group. */
function table(group: (typeof GROUPS)[number]): string {
  const inGroup = differences.filter((difference) => difference.group === group);
  const rows = inGroup.map(({ title, dialects, etcd, ours, reason }) => {
    const names = dialects.join(", ");
    return `| ${[title, names, etcd, ours, reason].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  });
  return `### ${group}\n\n| what | dialect | etcd | here | why |\n|---|---|---|---|---|\n${rows.join("")}`;
}
