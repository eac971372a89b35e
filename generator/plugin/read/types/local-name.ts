import type { DescEnum, DescMessage } from "@bufbuild/protobuf";

/** What ts-proto's options `typePrefix` and `typeSuffix` put around the name of a type. */
export interface TypeAffixes {
  readonly typePrefix: string;
  readonly typeSuffix: string;
}

// ts-proto gives these another name, because its output uses the built-in ones.
const BUILT_IN = new Set(["Date", "Function"]);

/** The name that ts-proto gives a message or enum: nested names joined by `_`. */
export function localTypeName(desc: DescMessage | DescEnum, affixes: TypeAffixes): string {
  return affixed(nestedName(desc), affixes);
}

/** The names that ts-proto gives the entries of a message's maps, which it writes as types of their own. */
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
 * The lowerCamel name that grpc-js, and so ts-proto, gives an rpc: by words, so that `HashKV` is `hashKv` and
 * `GetAPIValue` is `getApiValue`.
 */
export function lowerCamel(name: string): string {
  const words = name.match(/[A-Z][a-z]+|[a-z]+|[0-9]+|[A-Z]+(?![a-z])/g) ?? [];
  const camel = words
    .map((word, index) =>
      index === 0 ? word.toLowerCase() : word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase(),
    )
    .join("");
  // A name of nothing but underscores has no words.
  return camel === "" ? name : camel;
}

/** The lowerCamel names of siblings, in their order: one that an earlier sibling has gets a number. */
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
