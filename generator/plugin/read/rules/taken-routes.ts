import type { BindingModel } from "../../model/model.js";
import type { PluginOptions } from "../../plugin-options.js";
import type { Diagnostics, Position } from "../diagnostics.js";

interface Claim {
  readonly binding: BindingModel;
  readonly rpc: string;
  readonly position: Position;
}

/** All routes of the API. Finds RPCs that have the same route. */
export class TakenRoutes {
  readonly #claims = new Map<string, Claim>();
  readonly #lost = new Set<BindingModel>();
  readonly #diagnostics: Diagnostics;
  readonly #keeper: PluginOptions["sameRoute"];

  /** @param keeper which RPC keeps a route if several have the same one */
  constructor(diagnostics: Diagnostics, keeper: PluginOptions["sameRoute"]) {
    this.#diagnostics = diagnostics;
    this.#keeper = keeper;
  }

  /**
   * Claims a route for an RPC. If another RPC has it already, one of the two loses it and a warning is reported. This
   * is not an error because published APIs contain such conflicts: etcd 3.3 and 3.4 bind Hash and HashKV to one path.
   */
  claim(binding: BindingModel, rpc: string, position: Position): void {
    const { segments, verb } = binding.path;
    // Requests do not contain the names of variables, so only the patterns count.
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
      `${rpc}: ${binding.method} ${binding.template} is already a route of ${first.rpc} ` +
        `(${line === undefined ? file : `${file}:${line}`}), which ${keepsFirst ? "keeps" : "loses"} it: ` +
        "choose another path, or remove one of them",
    );
  }

  /** Whether a binding keeps its route. Call this method after all bindings are read. */
  keeps(binding: BindingModel): boolean {
    return !this.#lost.has(binding);
  }
}
