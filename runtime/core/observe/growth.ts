import type { Counter } from "prom-client";

/** By how much a counter has grown since it was asked for, by the values of its labels. */
export class Growth<Label extends string> {
  readonly #labels: readonly Label[];
  readonly #counter: Counter<Label>;
  /** Two maps in each other cost less than a key made of two texts. */
  readonly #grown = new Map<string, Map<string, number>>();

  /** @param labels the names of one label, or two */
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

  /** Adds what has grown to the counter. */
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
