/** Hands out names, each one once. */
export class FreeNames {
  readonly #taken: Set<string>;

  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken);
  }

  /** Takes a name, or the name with a number if it is taken. */
  take(wanted: string): string {
    let free = wanted;
    for (let number = 2; this.#taken.has(free); number++) free = `${wanted}${number}`;
    this.#taken.add(free);
    return free;
  }

  /** All names that are taken. */
  get all(): readonly string[] {
    return [...this.#taken];
  }
}
