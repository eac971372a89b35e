import type { Api, Enum, Extension, Field, Message, Payload, Rpc } from "./api.js";
import { type Change, compareChanges, type Subject, type Verb } from "./change.js";
import { findRenames, type Renames } from "./renames.js";
import { compareRoutes } from "./route-changes.js";

/** Returns all differences between two versions of an API, sorted. */
export function compareApis(before: Api, after: Api): Change[] {
  const renames = findRenames(before, after);
  const { files, services, rpcs, messages, enums, extensions } = before;
  return [
    ...compareElements("files", asMap(files), asMap(after.files), { describe: String }),
    ...compareElements("services", services, after.services, {
      describe: (name) => name,
      compare: (name, from, to) => difference("services", "moved", name, from, to),
    }),
    ...compareElements("rpcs", rpcs, after.rpcs, {
      renames: renames.rpcs,
      describe: describeRpc,
      compare: (name, from, to) => compareRpcs(name, from, to, renames),
    }),
    ...compareElements("messages", messages, after.messages, {
      renames: renames.types,
      describe: describeMessage,
      compare: (name, from, to) => [
        ...difference("messages", "moved", name, from.file, to.file),
        ...compareFields(name, from.fields, to.fields, renames),
      ],
    }),
    ...compareElements("enums", enums, after.enums, {
      renames: renames.types,
      describe: describeEnum,
      compare: compareEnums,
    }),
    ...compareElements("extensions", extensions, after.extensions, {
      describe: describeExtension,
      compare: compareExtensions,
    }),
  ].sort(compareChanges);
}

/** How elements of a kind are matched, described and compared. */
interface Kind<Element> {
  /** The new names by the old ones. */
  readonly renames?: ReadonlyMap<string, string>;
  readonly describe: (name: string, element: Element) => string;
  readonly compare?: (name: string, from: Element, to: Element) => Change[];
}

function compareElements<Element>(
  subject: Subject,
  before: ReadonlyMap<string, Element>,
  after: ReadonlyMap<string, Element>,
  kind: Kind<Element>,
): Change[] {
  const changes: Change[] = [];
  const matched = new Set<string>();
  for (const [oldName, from] of before) {
    const name = kind.renames?.get(oldName) ?? oldName;
    const to = after.get(name);
    if (to === undefined) {
      changes.push({ subject, verb: "removed", text: kind.describe(oldName, from) });
      continue;
    }
    matched.add(name);
    changes.push(...difference(subject, "renamed", "", oldName, name), ...(kind.compare?.(name, from, to) ?? []));
  }
  for (const [name, element] of after) {
    if (!matched.has(name)) {
      changes.push({ subject, verb: "added", text: kind.describe(name, element) });
    }
  }
  return changes;
}

function compareRpcs(name: string, from: Rpc, to: Rpc, renames: Renames): Change[] {
  const [request, response] = [from.request, from.response].map((payload) => renamePayload(payload, renames));
  return [
    ...difference(
      "rpcs",
      "retyped",
      `${name} request`,
      describePayload(request ?? from.request),
      describePayload(to.request),
    ),
    ...difference(
      "rpcs",
      "retyped",
      `${name} response`,
      describePayload(response ?? from.response),
      describePayload(to.response),
    ),
    ...compareRoutes(name, from.routes, to.routes),
  ];
}

function compareFields(message: string, before: readonly Field[], after: readonly Field[], renames: Renames): Change[] {
  const from = before.map((field) => ({ ...field, type: renameType(field.type, renames) }));
  const { pairs, removed, added } = matchNumbered(from, after);
  return [
    ...removed.map((field): Change => ({ subject: "fields", verb: "removed", text: describeField(message, field) })),
    ...added.map((field): Change => ({ subject: "fields", verb: "added", text: describeField(message, field) })),
    ...pairs.flatMap(([old, field]) => {
      const name = `${message}.${field.name}`;
      return [
        ...difference("fields", "renamed", `${name} = ${field.number}`, old.name, field.name),
        ...difference("fields", "renumbered", name, `${old.number}`, `${field.number}`),
        ...difference("fields", "retyped", `${name} = ${field.number}`, old.type, field.type),
        ...difference("fields", "moved", `${name} = ${field.number}`, inOneof(old), inOneof(field)),
      ];
    }),
  ];
}

function compareEnums(name: string, from: Enum, to: Enum): Change[] {
  const { pairs, removed, added } = matchNumbered(from.values, to.values);
  const text = (value: { name: string; number: number }): string => `${name}.${value.name} = ${value.number}`;
  return [
    ...difference("enums", "moved", name, from.file, to.file),
    ...removed.map((value): Change => ({ subject: "enum values", verb: "removed", text: text(value) })),
    ...added.map((value): Change => ({ subject: "enum values", verb: "added", text: text(value) })),
    ...pairs.flatMap(([old, value]) => [
      ...difference("enum values", "renamed", text(value), old.name, value.name),
      ...difference("enum values", "renumbered", `${name}.${value.name}`, `${old.number}`, `${value.number}`),
    ]),
  ];
}

function compareExtensions(name: string, from: Extension, to: Extension): Change[] {
  return [
    ...difference("extensions", "moved", name, from.file, to.file),
    ...difference("extensions", "renumbered", name, `${from.number}`, `${to.number}`),
    ...difference("extensions", "retyped", name, `${from.type} of ${from.extendee}`, `${to.type} of ${to.extendee}`),
  ];
}

/** Returns a change if the two texts differ. */
function difference(subject: Subject, verb: Verb, name: string, from: string, to: string): Change[] {
  return from === to ? [] : [{ subject, verb, text: `${name}${name === "" ? "" : ": "}${from} -> ${to}` }];
}

/** The fields or values of two versions: pairs that match, and the remaining elements of each version. */
interface Matches<Element> {
  readonly pairs: readonly (readonly [Element, Element])[];
  readonly removed: readonly Element[];
  readonly added: readonly Element[];
}

/** Matches elements by number, if the name or the type is the same too. Then matches the remaining elements by name. */
function matchNumbered<Element extends { name: string; number: number; type?: string }>(
  before: readonly Element[],
  after: readonly Element[],
): Matches<Element> {
  const removed = new Set(before);
  const added = new Set(after);
  const pairs: [Element, Element][] = [];
  const match = (same: (from: Element, to: Element) => boolean): void => {
    for (const from of removed) {
      const to = [...added].find((candidate) => same(from, candidate));
      if (to !== undefined) {
        pairs.push([from, to]);
        removed.delete(from);
        added.delete(to);
      }
    }
  };
  match((from, to) => from.number === to.number && from.name === to.name);
  match((from, to) => from.number === to.number && from.type === to.type);
  match((from, to) => from.name === to.name);
  return { pairs, removed: [...removed], added: [...added] };
}

function renamePayload(payload: Payload, renames: Renames): Payload {
  return { ...payload, type: renameType(payload.type, renames) };
}

/** Returns a type with the names of the newer version. */
function renameType(type: string, renames: Renames): string {
  return type.replace(/[\w.]+/g, (name) => renames.types.get(name) ?? name);
}

function describeRpc(name: string, rpc: Rpc): string {
  const routes = rpc.routes.length === 0 ? "no route" : rpc.routes.join(", ");
  return `${name} (${describePayload(rpc.request)}) returns (${describePayload(rpc.response)}): ${routes}`;
}

function describePayload(payload: Payload): string {
  return `${payload.stream ? "stream " : ""}${payload.type}`;
}

function describeMessage(name: string, message: Message): string {
  const fields = message.fields.map((field) => `${field.name} = ${field.number} ${field.type}`);
  return `${name}: ${fields.length === 0 ? "no fields" : fields.join(", ")}`;
}

function describeField(message: string, field: Field): string {
  const oneof = field.oneof === "" ? "" : `, ${inOneof(field)}`;
  return `${message}.${field.name} = ${field.number} ${field.type}${oneof}`;
}

function inOneof(field: Field): string {
  return field.oneof === "" ? "in no oneof" : `in oneof ${field.oneof}`;
}

function describeEnum(name: string, type: Enum): string {
  return `${name}: ${type.values.map((value) => `${value.name} = ${value.number}`).join(", ")}`;
}

function describeExtension(name: string, extension: Extension): string {
  return `${name} = ${extension.number} ${extension.type} of ${extension.extendee}`;
}

function asMap(names: ReadonlySet<string>): ReadonlyMap<string, string> {
  return new Map([...names].map((name) => [name, name]));
}
