/** How long repetitions of a line are counted before their number is told, in milliseconds. */
const INTERVAL = 1_000;

/**
 * Writes a log in which thousands of equal lines, as an overload or an outage makes them, are two a second: the line, and
 * how often it came again.
 */
export class RepetitionLog {
  readonly #write: (line: string) => void;
  /** How often each line came again since it was written. */
  readonly #again = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  log(line: string): void {
    const again = this.#again.get(line);
    if (again === undefined) this.#write(line);
    this.#again.set(line, again === undefined ? 0 : again + 1);
    this.#timer ??= setTimeout(() => this.flush(), INTERVAL).unref();
  }

  /** Tells what has been counted so far. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [line, again] of this.#again) {
      if (again > 0) this.#write(`${line} (repeated: ${again})`);
    }
    this.#again.clear();
  }
}
