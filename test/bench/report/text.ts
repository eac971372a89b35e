import type { Goal, Table } from "./report.js";

/** Makes a table of goals. */
export function goalTable(goals: readonly Goal[]): Table {
  return {
    caption: "",
    columns: ["", "wanted", "measured", ""],
    rows: goals.map(({ what, wanted, measured, isMet }) => [what, wanted, measured, isMet ? "met" : "missed"]),
  };
}

/** Formats a table for a terminal. The first column is aligned to the left, and the others to the right. */
export function textTable({ caption, columns, rows }: Table): string {
  const widths = columns.map((column, i) => Math.max(column.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  return [...(caption === "" ? [] : [caption]), line(columns), ...rows.map(line)].join("\n");
}

/** Formats a table as Markdown. */
export function markdownTable({ caption, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = `|${columns.map((_, i) => (i === 0 ? "---" : "---:")).join("|")}|`;
  return [...(caption === "" ? [] : [`**${caption}**`, ""]), line(columns), rule, ...rows.map(line)].join("\n");
}
