import type { Model, ServiceModel } from "../model/model.js";
import type { PluginOptions } from "../options.js";
import { type Export, exportsOf } from "./exports.js";
import { serviceConst } from "./service-const.js";

/** What `index.ts` calls the list of all services. */
export const SERVICES = "services";

/** What a client's file calls the type of a client of all services, and the function that makes it. */
export const CLIENT = { type: "Client", make: "createClient" } as const;

/** A name as users of the output have it. */
export interface PublicName extends Export {
  /** What `index.ts` calls it. */
  readonly as: string;
  /** What the client's file calls a message or enum: as `index.ts` does, unless that is a name of its own. */
  readonly inClient: string;
  /** Whether `index.ts` must name it, for `export *` alone would be an error. */
  readonly ambiguous: boolean;
}

/** What a service is called in the client's file. */
export interface ServiceNames {
  readonly service: ServiceModel;
  /** The property of the whole client: `kv`. */
  readonly property: string;
  /** The function that makes its client: `kvClient`. */
  readonly make: string;
  /** The type of its client: `KvClient`. */
  readonly type: string;
}

/** The names that the output of an API has for its users. */
export interface PublicNames {
  /** What the modules of the proto files export, written or not, in the order of the files. */
  readonly exported: readonly PublicName[];
  /** Every service, in the order of the files. */
  readonly services: readonly ServiceNames[];
}

/**
 * Names all that users see of an API, for `index.ts` and the client's file alike. Of a name that several files export,
 * that of a main package stays, or else the last file's; the others get their package before it: `Member` and
 * `MembershippbMember`. So a file that is added before others changes none of their names; nor does an option that says
 * what is written.
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
  // From the last to the first, so that numbers, too, do not change when a file is added before.
  const named = exported
    .toReversed()
    .map((each) => {
      const same = byName.get(each.name) ?? [];
      const keeps = each.name !== SERVICES && each === (same.find(isMain) ?? same.at(-1));
      const as = keeps ? each.name : take(each.qualified);
      return { ...each, as, ambiguous: same.length > 1 || each.name === SERVICES };
    })
    .toReversed();
  const constNames = named.filter(({ writtenBy }) => writtenBy === "gateways").map(({ as }) => as);
  const services = model.files
    .flatMap((file) => file.services)
    .map((service, i) => clientNames(service, constNames[i] ?? serviceConst(service)));
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
  // As a property it may have a name that the language reserves.
  const property = constName === `${service.constName}_` ? service.constName : constName;
  return {
    service,
    property,
    make: `${property}Client`,
    type: `${property.slice(0, 1).toUpperCase()}${property.slice(1)}Client`,
  };
}
