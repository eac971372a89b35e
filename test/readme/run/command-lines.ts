/** A command of a documentation page, and what it prints according to the page. */
export interface CommandLine {
  readonly command: string;
  /** The lines of comments behind it; `...` stands for anything in a line. */
  readonly printed: readonly string[];
}

/** Reads a block of shell commands: lines that begin with a space go on with a command, `#` begins a line of its output. */
export function commandLines(block: string): readonly CommandLine[] {
  const found: { command: string; printed: string[] }[] = [];
  for (const line of block.trimEnd().split("\n")) {
    const last = found.at(-1);
    const [, output] = /^# ?(.*)$/.exec(line) ?? [];
    if (last === undefined || (output === undefined && !line.startsWith(" "))) {
      found.push({ command: line, printed: [] });
    } else if (output === undefined) last.command += `\n${line}`;
    else last.printed.push(output);
  }
  return found;
}

/** What output must look like. */
export function outputPattern(printed: readonly string[]): RegExp {
  const lines = printed.map((line) => line.split("...").map(escaped).join(".*"));
  return new RegExp(`^${lines.join("\n")}\n*$`);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
