import type { Counter } from "prom-client";

/** The amounts by which a counter has grown since it was last read, by the values of its labels. */
export class Growth<Label extends string> {
  readonly #labels: readonly Label[];
  readonly #counter: Counter<Label>;
  /** Two nested maps are cheaper than a key that joins two strings. */
  readonly #grown = new Map<string, Map<string, number>>();

  /** @param labels the names of one or two labels */
  constructor(labels: readonly Label[], counter: Counter<Label>) {
    this.#labels = labels;
    this.#counter = counter;
  }

  add(amount: number, first: string, second = ""): void {
    let inner = this.#grown.get(first);
    if (inner === undefined) {
      inner = new Map();
      this.#grown.set(first, inner);
    }
    inner.set(second, (inner.get(second) ?? 0) + amount);
  }

  /** Adds the amounts to the counter. */
  flush(): void {
    const [one, two] = this.#labels;
    for (const [first, inner] of this.#grown) {
      for (const [second, amount] of inner) {
        const labels: Partial<Record<Label, string>> = {};
        if (one !== undefined) labels[one] = first;
        if (two !== undefined) labels[two] = second;
        this.#counter.inc(labels, amount);
        inner.set(second, 0);
      }
    }
  }
}
