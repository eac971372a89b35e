import { readFileSync } from "node:fs";

/** A column of a table in docs/performance.md. */
export interface Measure {
  /** The title of the table, as it begins. */
  readonly table: string;
  readonly column: string;
}

/** What the README says of the product's speed. */
interface Figure extends Measure {
  readonly what: string;
  readonly better: "higher" | "lower";
}

const CHANNELS = ["lean", "grpc-js"];

const FIGURES: readonly Figure[] = [
  {
    what: "reads of one small key per second, 64 connections",
    better: "higher",
    table: "**Range of one key of 256 B, 64 connections**",
    column: "of etcd's own",
  },
  {
    what: "writes of one small key per second, 16 connections",
    better: "higher",
    table: "**Put of 256 B, 16 connections**",
    column: "of etcd's own",
  },
  {
    what: "reads of 1,000 keys per second, 64 connections",
    better: "higher",
    table: "**Range of 1,000 keys of 100 B, 64 connections**",
    column: "of etcd's own",
  },
  {
    what: "CPU time of a read of 10 MiB, gateway and etcd together",
    better: "lower",
    table: "**Range of 10,000 keys of 1 KiB, 4 connections**",
    column: "both, of etcd's own",
  },
];

/** The README's table of figures, from docs/performance.md. */
export function figureTable(): string {
  const rows = FIGURES.map((figure) => {
    const cells = CHANNELS.map((channel) => measured(figure, `etcd-gateway, the command, ${channel}`));
    return `| ${[figure.what, figure.better, ...cells].join(" | ")} |\n`;
  });
  return `| | better | ${CHANNELS.join(" | ")} |\n|---|---|---:|---:|\n${rows.join("")}`;
}

/**
 * A figure of docs/performance.md, as it is written there.
 *
 * @param row what the row begins with
 * @throws Error if there is no such table, row or column
 */
export function measured({ table, column }: Measure, row: string): string {
  const page = readFileSync(new URL("../../../docs/performance.md", import.meta.url), "utf8");
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
