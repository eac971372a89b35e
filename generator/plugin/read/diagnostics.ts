/** A position in a proto file. */
export interface Position {
  /** The path as imported. */
  readonly file: string;
  /** Counted from 1. Absent if the descriptors contain no source information. */
  readonly line?: number;
  /** Counted from 1. */
  readonly column?: number;
}

/** A mistake of the user. The message says what is wrong and what to do. */
export interface Diagnostic {
  /** An error prevents all output. A warning is only printed. */
  readonly severity: "error" | "warning";
  /** Absent if the mistake is not in a file, but for example in a plugin option. */
  readonly position?: Position;
  readonly message: string;
}

/** Formats a diagnostic as `file:line:column: message`, which compilers and editors recognize. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { position, message } = diagnostic;
  const text = diagnostic.severity === "warning" ? `warning: ${message}` : message;
  if (position === undefined) return text;
  const place =
    position.line === undefined ? position.file : `${position.file}:${position.line}:${position.column ?? 1}`;
  return `${place}: ${text}`;
}

/** Collects every mistake of a run, so that the user sees them all at once. */
export class Diagnostics {
  readonly list: Diagnostic[] = [];

  error(position: Position | undefined, message: string): void {
    this.list.push({ severity: "error", ...(position === undefined ? {} : { position }), message });
  }

  warn(position: Position | undefined, message: string): void {
    this.list.push({ severity: "warning", ...(position === undefined ? {} : { position }), message });
  }

  get errors(): readonly Diagnostic[] {
    return this.list.filter((diagnostic) => diagnostic.severity === "error");
  }

  get warnings(): readonly Diagnostic[] {
    return this.list.filter((diagnostic) => diagnostic.severity === "warning");
  }
}
