import type { Model, ServiceModel } from "../model/model.js";
import type { PluginOptions } from "../plugin-options.js";
import { type Export, exportsOf } from "./exports.js";

/** The name of the list of all services in `index.ts`. */
export const SERVICES = "services";

/** The names that the client file exports for the client of all services: its type, and the function that makes it. */
export const CLIENT = { type: "Client", make: "createClient" } as const;

/** An export of a generated module, with its public names. */
export interface PublicName extends Export {
  /** The name in `index.ts`. */
  readonly as: string;
  /** The name of a message or enum in the client file. It differs from `as` only if the client file has that name itself. */
  readonly inClient: string;
  /** Whether `index.ts` must export the name explicitly, because `export *` alone would be an error. */
  readonly ambiguous: boolean;
}

/** The names of a service in the client file. */
export interface ServiceNames {
  readonly service: ServiceModel;
  /** The property of the client of all services: `kv`. */
  readonly property: string;
  /** The function that makes its client: `kvClient`. */
  readonly make: string;
  /** The type of its client: `KvClient`. */
  readonly type: string;
}

/** The public names of an API's output. */
export interface PublicNames {
  /** All exports of all modules, in the order of the files. The modules that `outputs` leaves out are included. */
  readonly exported: readonly PublicName[];
  /** Every service, in the order of the files. */
  readonly services: readonly ServiceNames[];
}

/**
 * Chooses the public names of an API, for `index.ts` and for the client file. If several files export a name, the main
 * package keeps it, or else the last file. The others get their package as a prefix: `Member` and `MembershippbMember`.
 * So the names stay the same if a file is added before the others, or if the options `outputs` and `client` change.
 */
export function publicNames(model: Model, options: PluginOptions): PublicNames {
  const exported = model.files.flatMap((file) => exportsOf(model, file, options));
  const byName = new Map<string, Export[]>();
  for (const each of exported) byName.set(each.name, [...(byName.get(each.name) ?? []), each]);
  const used = new Set([SERVICES, ...byName.keys()]);
  const isMain = (each: Export): boolean => options.mainPackages.includes(each.package);
  const take = (wanted: string): string => {
    let free = wanted;
    for (let number = 2; used.has(free); number++) free = `${wanted}${number}`;
    used.add(free);
    return free;
  };
  // From the last export to the first, so that numbers do not change either if a file is added before the others.
  const named = exported
    .toReversed()
    .map((each) => {
      const same = byName.get(each.name) ?? [];
      const keeps = each.name !== SERVICES && each === (same.find(isMain) ?? same.at(-1));
      const as = keeps ? each.name : take(each.qualified);
      return { ...each, as, ambiguous: same.length > 1 || each.name === SERVICES };
    })
    .toReversed();
  const services = named.flatMap(({ service, as }) => (service === undefined ? [] : [clientNames(service, as)]));
  const own = new Set([...Object.values(CLIENT), ...services.flatMap(({ make, type }) => [make, type])]);
  for (const name of own) used.add(name);
  const withClients = named
    .toReversed()
    .map((each) => ({ ...each, inClient: isType(each) && own.has(each.as) ? take(each.qualified) : each.as }))
    .toReversed();
  return { exported: withClients, services };
}

function isType({ proto }: Export): boolean {
  return proto !== undefined;
}

function clientNames(service: ServiceModel, constName: string): ServiceNames {
  // A property may have a reserved name.
  const property = constName === `${service.constName}_` ? service.constName : constName;
  return {
    service,
    property,
    make: `${property}Client`,
    type: `${property.slice(0, 1).toUpperCase()}${property.slice(1)}Client`,
  };
}
