/** Names, each given away once. */
export class FreeNames {
  readonly #taken: Set<string>;

  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken);
  }

  /** The name itself, or with a number behind it if that was given away. */
  take(wanted: string): string {
    let free = wanted;
    for (let number = 2; this.#taken.has(free); number++) free = `${wanted}${number}`;
    this.#taken.add(free);
    return free;
  }

  /** All that were given away. */
  get all(): readonly string[] {
    return [...this.#taken];
  }
}
