/**
 * The writes of a run, and which of them etcd has acknowledged. A change is a text such as `PUT key`. Each key is put
 * once, and deleted at most once.
 */
export class Ledger {
  readonly acknowledged: Set<string> = new Set();
  /** How many writes failed. etcd may have executed them, once. */
  failed = 0;
  /** The transactions that found their own key although nobody else writes it, so they were executed twice. */
  readonly doubled: string[] = [];

  /** @param status the HTTP status of the response */
  note(status: number, ...changes: readonly string[]): void {
    if (status !== 200) this.failed += 1;
    else for (const change of changes) this.acknowledged.add(change);
  }

  /** Returns the acknowledged changes that are not in the history, and the changes that are in it twice. */
  compare(history: readonly string[]): { readonly lost: string[]; readonly doubled: string[] } {
    const seen = new Set<string>();
    const doubled = [...this.doubled];
    for (const change of history) {
      if (seen.has(change)) doubled.push(change);
      seen.add(change);
    }
    return { lost: [...this.acknowledged].filter((change) => !seen.has(change)), doubled };
  }
}
