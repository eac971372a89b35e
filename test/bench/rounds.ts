import { median } from "./median.js";

/**
 * Measures of several contenders that take turns (A B C, A B C, ...), so that other work on the machine affects all of
 * them.
 */
export class Rounds<M extends object> {
  readonly #measures = new Map<string, M[]>();

  /** Takes the given number of turns of each contender, one after the other. */
  static async take<M extends object, C extends { readonly name: string }>(
    rounds: number,
    contenders: readonly C[],
    turn: (contender: C, round: number) => Promise<M>,
  ): Promise<Rounds<M>> {
    const result = new Rounds<M>();
    for (let round = 0; round < rounds; round++) {
      for (const contender of contenders) result.#add(contender.name, await turn(contender, round));
    }
    return result;
  }

  /** Returns the median of a contender's measures. */
  median(name: string, of: (measure: M) => number): number {
    return median(this.#of(name).map(of));
  }

  /** Returns the median of the ratios, per round, of a contender's measure to another contender's. */
  ratio(name: string, other: string, of: (measure: M) => number): number {
    const others = this.#of(other);
    return median(this.#of(name).map((measure, round) => of(measure) / of(others[round] ?? measure)));
  }

  #add(name: string, measure: M): void {
    const measures = this.#measures.get(name);
    if (measures === undefined) this.#measures.set(name, [measure]);
    else measures.push(measure);
  }

  #of(name: string): readonly M[] {
    const measures = this.#measures.get(name);
    if (measures === undefined) throw new Error(`${name} was not measured`);
    return measures;
  }
}
