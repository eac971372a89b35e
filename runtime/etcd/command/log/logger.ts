import type { CallLogger } from "@etcd-gateway/runtime";

/** The format of lines. */
export type LogFormat = "json" | "text";

/** The levels, from the lowest to the highest. A log has all lines of its level and above. */
export const LOG_LEVELS = ["info", "warn", "error"] as const;

/** A level of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Matches a word that needs no quotes in a line of text. */
const WORD = /^[\w.:/+@[\]{}*-]+$/;

/** Matches characters that a terminal or another reader could interpret, except those that JSON escapes. */
const CONTROL = /[\u007f-\u009f\u2028\u2029]/g;

/** Writes a log, either as one JSON object per line or as readable text. */
export class Logger implements CallLogger {
  readonly #write: (line: string) => void;
  readonly #format: LogFormat;
  readonly #least: number;

  /** @param write receives a line without its line end */
  constructor(write: (line: string) => void, format: LogFormat, level: LogLevel) {
    this.#write = write;
    this.#format = format;
    this.#least = LOG_LEVELS.indexOf(level);
  }

  /** Whether lines of a level are written. */
  isLevelEnabled(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) >= this.#least;
  }

  info(fields: object, message: string): void {
    this.#log("info", fields, message);
  }

  warn(fields: object, message: string): void {
    this.#log("warn", fields, message);
  }

  error(fields: object, message: string): void {
    this.#log("error", fields, message);
  }

  #log(level: LogLevel, fields: object, message: string): void {
    if (!this.isLevelEnabled(level)) return;
    const time = new Date().toISOString();
    this.#write(
      this.#format === "json"
        ? escaped(JSON.stringify({ time, level, msg: message, ...fields }))
        : [time, level, textOf(message), ...fieldTexts(fields)].join(" "),
    );
  }
}

function fieldTexts(fields: object): readonly string[] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${WORD.test(String(value)) ? value : escaped(JSON.stringify(String(value)))}`);
}

/** Returns a message on one line. */
function textOf(message: string): string {
  return escaped(JSON.stringify(message).slice(1, -1).replaceAll('\\"', '"'));
}

function escaped(text: string): string {
  return text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * Makes the log that the flags ask for, or returns `undefined` if errors are logged as plain lines only. If only a
 * format is set, all levels are logged.
 */
export function loggerOf({
  log,
  logLevel,
}: {
  log: LogFormat | undefined;
  logLevel: LogLevel | undefined;
}): Logger | undefined {
  if (log === undefined && logLevel === undefined) return undefined;
  const write = (line: string): void => void process.stderr.write(`${line}\n`);
  return new Logger(write, log ?? "text", logLevel ?? "info");
}
