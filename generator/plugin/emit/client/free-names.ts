/** Hands out unique names. */
export class FreeNames {
  readonly #taken: Set<string>;

  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken);
  }

  /** Takes a name. If it is taken already, a number is added to it. */
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
