import type { BindingModel, ServiceModel } from "../../../model/model.js";
import { tagName } from "../tag.js";

/**
 * Assigns the operation ids. Each is used once. By default, an RPC's first binding has the RPC's name. An additional
 * binding adds a number, the next one if an RPC of that name exists.
 */
export class OperationIds {
  readonly #taken = new Set<string>();
  readonly #defaults = new Map<BindingModel, string>();

  /** All default ids are reserved, even if an operation does not use its own. */
  constructor(services: readonly ServiceModel[]) {
    const rpcs = services.flatMap((service) =>
      service.rpcs.map(({ name, bindings }) => ({
        name: `${tagName(service, services)}_${name.slice(service.name.length + 1)}`,
        bindings,
      })),
    );
    for (const { name, bindings } of rpcs) {
      for (const binding of bindings.slice(0, 1)) this.#defaults.set(binding, this.take(name));
    }
    for (const { name, bindings } of rpcs) {
      for (const [index, binding] of bindings.slice(1).entries()) {
        this.#defaults.set(binding, this.take(name, index + 2));
      }
    }
  }

  /** The id of a binding: the one that options set, unless another operation has it, or the default. */
  of(binding: BindingModel, index: number, given: string | undefined): string {
    const wanted = given === undefined ? undefined : numbered(given, index + 1);
    if (wanted !== undefined && !this.#taken.has(wanted)) return this.take(wanted);
    const own = this.#defaults.get(binding);
    if (own === undefined) throw new Error(`${binding.template} is not a binding of the services`);
    return own;
  }

  /** Reserves an id, with the first free number from the given one on. */
  take(id: string, from = 1): string {
    let number = from;
    while (this.#taken.has(numbered(id, number))) number++;
    this.#taken.add(numbered(id, number));
    return numbered(id, number);
  }
}

/** Adds a number to an operation id. The first has none. */
function numbered(id: string, number: number): string {
  return number === 1 ? id : `${id}${number}`;
}
