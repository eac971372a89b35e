/** How long repetitions of a line are counted before their number is logged, in milliseconds. */
const INTERVAL = 1_000;

/**
 * Writes a log without repeated lines. An overload or an outage causes thousands of equal lines. Of these, it writes
 * two per second: the line itself, and the number of its repetitions.
 */
export class RepetitionLog {
  readonly #write: (line: string) => void;
  /** The number of repetitions of each line since it was written. */
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

  /** Writes the numbers that have been counted so far. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [line, again] of this.#again) {
      if (again > 0) this.#write(`${line} (repeated: ${again})`);
    }
    this.#again.clear();
  }
}
