import { readFileSync } from "node:fs";

/** What the README says of the product's speed: a figure of a table in docs/performance.md. */
interface Figure {
  readonly what: string;
  /** The title of the table, as it begins. */
  readonly table: string;
  readonly column: string;
}

const CHANNELS = ["lean", "grpc-js"];

const FIGURES: readonly Figure[] = [
  {
    what: "reading one small key, requests a second, 64 connections",
    table: "**Range of one key of 256 B, 64 connections**",
    column: "of etcd's own",
  },
  {
    what: "writing one small key, requests a second, 16 connections",
    table: "**Put of 256 B, 16 connections**",
    column: "of etcd's own",
  },
  {
    what: "reading 1,000 keys, requests a second, 64 connections",
    table: "**Range of 1,000 keys of 100 B, 64 connections**",
    column: "of etcd's own",
  },
  {
    what: "reading 10 MiB, CPU time of gateway and etcd together (less is better)",
    table: "**Range of 10,000 keys of 1 KiB, 4 connections**",
    column: "both, of etcd's own",
  },
];

/** The README's table of figures, from docs/performance.md. */
export function figureTable(): string {
  const page = readFileSync(new URL("../../../docs/performance.md", import.meta.url), "utf8");
  const rows = FIGURES.map((figure) => {
    const cells = CHANNELS.map((channel) => cellOf(page, figure, `etcd-gateway, the command, ${channel}`));
    return `| ${[figure.what, ...cells].join(" | ")} |\n`;
  });
  return `| | ${CHANNELS.join(" | ")} |\n|---|---:|---:|\n${rows.join("")}`;
}

function cellOf(page: string, { table, column }: Figure, row: string): string {
  const [, text = ""] = page.split(table);
  const [heads = [], , ...rows] = (/^(?:\|.*\n)+/m.exec(text)?.[0] ?? "").split("\n").map(cellsOf);
  const value = rows.find(([name]) => name === row)?.[heads.indexOf(column)];
  if (value === undefined) throw new Error(`docs/performance.md has no ${column} of ${row} under ${table}`);
  return value;
}

function cellsOf(line: string): readonly string[] {
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}
