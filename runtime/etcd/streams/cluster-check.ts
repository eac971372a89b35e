import { clusterOf } from "./cluster-of.js";

/** Checks that all attempts of a call reach the same cluster. */
export class ClusterCheck {
  /** The id of the cluster that the first attempt reached, or 0 if no response has told it. */
  #cluster = 0n;
  /** Whether a response of the attempt has told the cluster. All others come from the same member. */
  #isKnown = false;

  /** Registers that an attempt begins. */
  begin(): void {
    this.#isKnown = false;
  }

  /**
   * Whether a response of the attempt comes from the cluster of the first one.
   *
   * @throws Error if the bytes are not a message.
   */
  isSame(message: Uint8Array): boolean {
    if (this.#isKnown) return true;
    const cluster = clusterOf(message);
    if (cluster === 0n) return true;
    this.#isKnown = true;
    if (this.#cluster === 0n) this.#cluster = cluster;
    return cluster === this.#cluster;
  }
}
