import type { Api, Rpc } from "./api.js";

/** The new full names by the old ones. */
export interface Renames {
  /** The renames of messages and enums. */
  readonly types: ReadonlyMap<string, string>;
  readonly rpcs: ReadonlyMap<string, string>;
}

/**
 * Finds elements that only changed their name: a removed and an added element that are otherwise equal, if there is
 * only one such pair. Types with fewer than two members are ignored, because they cannot be told apart.
 */
export function findRenames(before: Api, after: Api): Renames {
  const types = new Map([
    ...pairUp(before.messages, after.messages, (name, { fields }) =>
      fields.length < 2
        ? undefined
        : [scopeOf(name), ...fields.map((each) => `${each.number} ${each.name} ${each.type} ${each.oneof}`)].join("\n"),
    ),
    ...pairUp(before.enums, after.enums, (name, { values }) =>
      values.length < 2
        ? undefined
        : [scopeOf(name), ...values.map((each) => `${each.number} ${each.name}`)].join("\n"),
    ),
  ]);
  const rename = (type: string): string => types.get(type) ?? type;
  const signature = (_name: string, { service, request, response }: Rpc): string =>
    [service, rename(request.type), request.stream, rename(response.type), response.stream].join("\n");
  return { types, rpcs: pairUp(before.rpcs, after.rpcs, signature) };
}

/**
 * Pairs elements that are only in `before` with elements that are only in `after`, by a signature that is unique in
 * each.
 */
function pairUp<Element>(
  before: ReadonlyMap<string, Element>,
  after: ReadonlyMap<string, Element>,
  signature: (name: string, element: Element) => string | undefined,
): Map<string, string> {
  const namesBySignature = (from: ReadonlyMap<string, Element>, without: ReadonlyMap<string, Element>) => {
    const names = new Map<string, string[]>();
    for (const [name, element] of from) {
      const key = without.has(name) ? undefined : signature(name, element);
      if (key !== undefined) {
        names.set(key, [...(names.get(key) ?? []), name]);
      }
    }
    return names;
  };
  const removed = namesBySignature(before, after);
  const added = namesBySignature(after, before);
  const pairs = new Map<string, string>();
  for (const [key, [oldName, ...moreOld]] of removed) {
    const [newName, ...moreNew] = added.get(key) ?? [];
    if (oldName !== undefined && newName !== undefined && moreOld.length === 0 && moreNew.length === 0) {
      pairs.set(oldName, newName);
    }
  }
  return pairs;
}

/** Returns the package or message that contains a type. */
function scopeOf(name: string): string {
  return name.slice(0, Math.max(name.lastIndexOf("."), 0));
}
