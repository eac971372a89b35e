/**
 * A queue. Removing the first item takes constant time on average. `Array.prototype.shift` moves all other items once
 * an array is long.
 */
export class Fifo<Item> implements Iterable<Item> {
  #items: (Item | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** The first item, or `undefined` if there is none. */
  get first(): Item | undefined {
    return this.#items[this.#head];
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Removes and returns the first item. */
  shift(): Item | undefined {
    // Without a new array, because most queues have one item at most.
    if (this.#items.length <= 1) return this.#items.pop();
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.#head > this.#items.length / 2) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  *[Symbol.iterator](): Generator<Item> {
    for (const item of this.#items.slice(this.#head)) if (item !== undefined) yield item;
  }
}
