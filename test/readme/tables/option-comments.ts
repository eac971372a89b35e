import type { Option } from "@etcd-gateway/runtime/options";
import { type MethodSignature, Node, type PropertySignature, type SourceFile, type Type } from "ts-morph";
import { OptionalGroup, OptionGroup } from "../../../runtime/core/options/option-group.js";
import { SERVER_OPTIONS } from "../../../runtime/etcd/command/flags/command-options.js";
import { withoutLinks } from "../../../runtime/etcd/command/flags/help.js";
import { interfaceOf } from "./interfaces.js";
import { OPTION_INTERFACES } from "./option-interfaces.js";
import type { Page } from "./option-tables.js";

/** The command's own options. */
const COMMAND = {
  file: "runtime/etcd/command/flags/command-options.ts",
  name: "ServerSettings",
  table: SERVER_OPTIONS,
};

const INDENT = "  ";
const WIDTH = 120;

/** A member of an interface of options. */
type Member = PropertySignature | MethodSignature;

/**
 * The sources of the interfaces of options, with the comments that their tables give.
 *
 * @throws Error if an interface and its table have different members, or if two tables describe a member differently
 */
export function sourcesWithComments(): readonly Page[] {
  const comments = new Map<Member, string>();
  for (const { file, name, table } of [...OPTION_INTERFACES, COMMAND]) {
    const declaration = interfaceOf(file, name);
    addComments(comments, declaration.getType(), table, declaration);
  }
  const files = new Set([...comments.keys()].map((member) => member.getSourceFile()));
  return [...files].map((file) => {
    const entries = [...comments].filter(([member]) => member.getSourceFile() === file);
    return { file: file.getFilePath(), text: file.getFullText(), expected: withComments(file, entries) };
  });
}

/** Adds the comments of a type's members, and of those of its groups. */
function addComments(comments: Map<Member, string>, type: Type, table: object, place: Node): void {
  const options = new Map<string, Option<unknown>>(Object.entries(table));
  const names = type.getProperties().map((property) => property.getName());
  if (names.toSorted().join() !== [...options.keys()].toSorted().join()) {
    throw new Error(`${type.getText(place)} has the members ${names.join()}, its table ${[...options.keys()].join()}`);
  }
  for (const [name, option] of options) {
    const property = type.getPropertyOrThrow(name);
    const [member] = property.getDeclarations();
    if (!Node.isPropertySignature(member) && !Node.isMethodSignature(member))
      throw new Error(`no declaration: ${name}`);
    const comment = commentOf(option);
    if (comment !== (comments.get(member) ?? comment)) throw new Error(`two tables describe ${name} differently`);
    comments.set(member, comment);
    if (option instanceof OptionGroup || option instanceof OptionalGroup) {
      addComments(comments, property.getTypeAtLocation(place).getNonNullableType(), option.table, place);
    }
  }
}

function commentOf(option: Option<unknown>): string {
  const { text } = option.facts;
  const pages = [...new Set([...text.matchAll(/\]\(([\w-]+\.md)/g)].map(([, page]) => `docs/${page}`))];
  const see = pages.length === 0 ? "" : ` See ${pages.join(" and ")}.`;
  const description = wrapped(sentence(withoutLinks(text)) + see);
  const byDefault = defaultOf(option);
  const [first = "", ...more] = description;
  if (more.length === 0 && byDefault === undefined && first.length <= WIDTH - `${INDENT}/**  */`.length) {
    return `/** ${first} */`;
  }
  const lines = byDefault === undefined ? description : [...description, "", `@defaultValue ${byDefault}`];
  return ["/**", ...lines.map((line) => `${INDENT} * ${line}`.trimEnd()), `${INDENT} */`].join("\n");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function defaultOf({ default: value, facts: { type } }: Option<unknown>): string | undefined {
  if (value === undefined) return undefined;
  return JSON.stringify(value) + (typeof value === "number" && type !== "number" ? ` ${type}` : "");
}

/** Lines of a comment. Code in the text is not divided. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.match(/(?:`[^`]*`|[^\s`])+/g) ?? []) {
    const line = lines.at(-1);
    const longer = `${line} ${word}`;
    if (line === undefined || longer.length > WIDTH - `${INDENT} * `.length) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function withComments(file: SourceFile, comments: readonly (readonly [Member, string])[]): string {
  const fromEnd = comments.toSorted(([a], [b]) => b.getStart() - a.getStart());
  return fromEnd.reduce((text, [member, comment]) => {
    const start = member.getStart(true);
    return `${text.slice(0, start)}${comment}\n${INDENT}${text.slice(member.getStart())}`;
  }, file.getFullText());
}
