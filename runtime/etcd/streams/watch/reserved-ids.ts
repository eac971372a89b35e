/** A set of reserved ids. An id can be reserved several times. */
export class ReservedIds {
  readonly #counts = new Map<bigint, number>();

  has(id: bigint): boolean {
    return this.#counts.has(id);
  }

  reserve(id: bigint): void {
    this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1);
  }

  release(id: bigint): void {
    const count = this.#counts.get(id) ?? 0;
    if (count > 1) this.#counts.set(id, count - 1);
    else this.#counts.delete(id);
  }
}
