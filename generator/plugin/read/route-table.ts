import type { BindingModel } from "../model/model.js";
import type { Diagnostics, Position } from "./diagnostics.js";

interface Claim {
  readonly rpc: string;
  readonly position: Position;
}

/** Every route of the API that is read, to see which rpcs want the same one. */
export class RouteTable {
  readonly #claims = new Map<string, Claim>();
  readonly #diagnostics: Diagnostics;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  /**
   * Takes a route for an rpc. `false`, and a warning, if another has it: the first one keeps it. Published APIs do have
   * such a fault (etcd 3.3 and 3.4 bind Hash and HashKV to one path), so it is no error.
   */
  claim(binding: BindingModel, rpc: string, position: Position): boolean {
    const { segments, verb } = binding.path;
    // Requests do not show how a variable is called, so only what it matches counts.
    const key = JSON.stringify([binding.method, segments, verb]);
    const first = this.#claims.get(key);
    if (first === undefined) {
      this.#claims.set(key, { rpc, position });
      return true;
    }
    const { file, line } = first.position;
    this.#diagnostics.warn(
      position,
      `${rpc}: ${binding.method} ${binding.template} is a route of ${first.rpc} already ` +
        `(${line === undefined ? file : `${file}:${line}`}), which keeps it: choose another path, or remove one of them`,
    );
    return false;
  }
}
