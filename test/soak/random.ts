/** A source of numbers that a seed determines. */
export class Random {
  #state: number;

  /** @param seed two equal seeds give the same numbers */
  constructor(seed: string) {
    this.#state = 0;
    for (const character of seed) this.#state = (Math.imul(this.#state, 31) + character.charCodeAt(0)) | 0;
  }

  /** Returns an integer from 0 up to, but not including, a limit. */
  below(limit: number): number {
    // mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) % limit;
  }

  /** Returns one of the values of a list. */
  of<T>(values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)] ?? values[0];
  }
}
