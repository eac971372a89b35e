import type { BindingModel } from "../../model/model.js";
import type { PluginOptions } from "../../options.js";
import type { Diagnostics, Position } from "../diagnostics.js";

interface Claim {
  readonly binding: BindingModel;
  readonly rpc: string;
  readonly position: Position;
}

/** Every route of the API that is read, to see which rpcs want the same one. */
export class RouteTable {
  readonly #claims = new Map<string, Claim>();
  readonly #lost = new Set<BindingModel>();
  readonly #diagnostics: Diagnostics;
  readonly #keeper: PluginOptions["sameRoute"];

  /** @param keeper which of several rpcs with one route keeps it */
  constructor(diagnostics: Diagnostics, keeper: PluginOptions["sameRoute"]) {
    this.#diagnostics = diagnostics;
    this.#keeper = keeper;
  }

  /**
   * Takes a route for an rpc. If another has it, one of them loses it, with a warning. Published APIs do have such a fault
   * (etcd 3.3 and 3.4 bind Hash and HashKV to one path), so it is no error.
   */
  claim(binding: BindingModel, rpc: string, position: Position): void {
    const { segments, verb } = binding.path;
    // Requests do not show how a variable is called, so only what it matches counts.
    const key = JSON.stringify([binding.method, segments, verb]);
    const claim = { binding, rpc, position };
    const first = this.#claims.get(key);
    const keepsFirst = this.#keeper === "first";
    if (first === undefined || !keepsFirst) this.#claims.set(key, claim);
    if (first === undefined) return;
    this.#lost.add(keepsFirst ? binding : first.binding);
    const { file, line } = first.position;
    this.#diagnostics.warn(
      position,
      `${rpc}: ${binding.method} ${binding.template} is a route of ${first.rpc} already ` +
        `(${line === undefined ? file : `${file}:${line}`}), which ${keepsFirst ? "keeps" : "loses"} it: ` +
        "choose another path, or remove one of them",
    );
  }

  /** Whether a binding, once all are read, has its route. */
  keeps(binding: BindingModel): boolean {
    return !this.#lost.has(binding);
  }
}
