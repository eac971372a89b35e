import type { DescEnum, DescMessage } from "@bufbuild/protobuf";

/** The affixes of type names, from ts-proto's options `typePrefix` and `typeSuffix`. */
export interface TypeAffixes {
  readonly typePrefix: string;
  readonly typeSuffix: string;
}

// ts-proto renames types with these names, because its output uses the built-in types.
const BUILT_IN = new Set(["Date", "Function"]);

/** ts-proto's name of a message or enum. Nested names are joined by `_`. */
export function localTypeName(desc: DescMessage | DescEnum, affixes: TypeAffixes): string {
  return affixed(nestedName(desc), affixes);
}

/** ts-proto's names of the entries of a message's maps, which it writes as separate types. */
export function mapEntryNames(desc: DescMessage, affixes: TypeAffixes): readonly string[] {
  return desc.proto.nestedType
    .filter((nested) => nested.options?.mapEntry === true)
    .map(({ name }) => affixed(`${nestedName(desc)}_${name}`, affixes));
}

function nestedName(desc: DescMessage | DescEnum): string {
  let name = desc.name;
  for (let parent = desc.parent; parent !== undefined; parent = parent.parent) name = `${parent.name}_${name}`;
  return name;
}

function affixed(name: string, { typePrefix, typeSuffix }: TypeAffixes): string {
  const whole = `${typePrefix}${name}${typeSuffix}`;
  return BUILT_IN.has(whole) ? `${whole}Message` : whole;
}

/**
 * The lowerCamelCase name of an RPC in grpc-js, and so in ts-proto. It is built from words: `HashKV` becomes `hashKv`,
 * and `GetAPIValue` becomes `getApiValue`.
 */
export function lowerCamel(name: string): string {
  const words = name.match(/[A-Z][a-z]+|[a-z]+|[0-9]+|[A-Z]+(?![a-z])/g) ?? [];
  const camel = words
    .map((word, index) =>
      index === 0 ? word.toLowerCase() : word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase(),
    )
    .join("");
  // A name that consists of underscores has no words.
  return camel === "" ? name : camel;
}

/** The lowerCamelCase names of siblings, in their order. If an earlier sibling has the same name, a number is added. */
export function lowerCamelNames(names: readonly string[]): readonly string[] {
  const camels = names.map(lowerCamel);
  const taken = new Set<string>();
  return camels.map((camel) => {
    let free = camel;
    for (let number = 2; taken.has(free) || (free !== camel && camels.includes(free)); number++) {
      free = `${camel}${number}`;
    }
    taken.add(free);
    return free;
  });
}
