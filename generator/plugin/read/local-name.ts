import type { DescEnum, DescMessage } from "@bufbuild/protobuf";

// ts-proto gives these another name, because its output uses the built-in ones.
const BUILT_IN = new Set(["Date", "Function"]);

/** The name that ts-proto gives a message or enum: nested names joined by `_`. */
export function localTypeName(desc: DescMessage | DescEnum): string {
  let name = desc.name;
  for (let parent = desc.parent; parent !== undefined; parent = parent.parent) name = `${parent.name}_${name}`;
  return BUILT_IN.has(name) ? `${name}Message` : name;
}

/**
 * The lowerCamel name that grpc-js, and so ts-proto, gives an rpc: by words, so that `HashKV` is `hashKv` and
 * `GetAPIValue` is `getApiValue`.
 */
export function lowerCamel(name: string): string {
  const words = name.match(/[A-Z][a-z]+|[a-z]+|[0-9]+|[A-Z]+(?![a-z])/g) ?? [];
  return words
    .map((word, index) =>
      index === 0 ? word.toLowerCase() : word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase(),
    )
    .join("");
}
