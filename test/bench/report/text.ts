import type { Goal, Table } from "./report.js";

/** Goals as a table. */
export function goalTable(goals: readonly Goal[]): Table {
  return {
    caption: "",
    columns: ["", "wanted", "measured", ""],
    rows: goals.map(({ what, wanted, measured, isMet }) => [what, wanted, measured, isMet ? "met" : "missed"]),
  };
}

/** A table for a terminal: the first column to the left, the others to the right. */
export function textTable({ caption, columns, rows }: Table): string {
  const widths = columns.map((column, i) => Math.max(column.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  return [...(caption === "" ? [] : [caption]), line(columns), ...rows.map(line)].join("\n");
}

/** A table in Markdown. */
export function markdownTable({ caption, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = `|${columns.map((_, i) => (i === 0 ? "---" : "---:")).join("|")}|`;
  return [...(caption === "" ? [] : [`**${caption}**`, ""]), line(columns), rule, ...rows.map(line)].join("\n");
}
