import type { FieldBehavior, FieldOptionsModel } from "../../model/field-options.js";
import type { EnumModel, FieldModel, MessageModel } from "../../model/model.js";
import { joinParagraphs, paragraphs } from "./prose.js";

/** What behaviors mean that schemas have no keyword for. */
const IN_WORDS: Readonly<Partial<Record<FieldBehavior, string>>> = {
  OPTIONAL: "Optional.",
  IMMUTABLE: "Cannot be changed once it is set.",
  UNORDERED_LIST: "In no certain order.",
  NON_EMPTY_DEFAULT: "If it is left out, the server chooses a value.",
  IDENTIFIER: "Identifies the resource.",
};

/** Whether a message must have a field: proto2's `required`, or the behavior; of a oneof's members none must be there. */
export function isRequired(field: FieldModel): boolean {
  return field.required || (hasBehavior(field, "REQUIRED") && field.oneof === undefined);
}

/** Whether servers set a field, and requests leave it out. */
export function isOutputOnly(field: FieldModel): boolean {
  return hasBehavior(field, "OUTPUT_ONLY") || field.docs?.readOnly === true;
}

/** Whether responses leave a field out. */
export function isInputOnly(field: FieldModel): boolean {
  return hasBehavior(field, "INPUT_ONLY") || field.docs?.writeOnly === true;
}

/** What a field is for: its comment, and what its options say that schemas have no keyword for. */
export function fieldText(field: FieldModel): string {
  const behaviors = (field.behaviors ?? []).flatMap((behavior) => IN_WORDS[behavior] ?? []);
  return joinParagraphs(
    field.docs?.description ?? paragraphs(field.comment),
    [...behaviors, ...referenceText(field)].join(" "),
  );
}

/** What an enum is for, and its values as a list, if there is anything to say of one. */
export function enumText(type: EnumModel): string {
  const values = type.values.flatMap(({ name, comment, deprecated }) => {
    const text = [paragraphs(comment).replace(/\s+/g, " "), deprecated ? "Deprecated." : ""].filter(Boolean).join(" ");
    return text === "" ? [] : [`- \`${name}\`: ${text}`];
  });
  return joinParagraphs(type.docs?.description ?? paragraphs(type.comment), values.join("\n"));
}

function hasBehavior({ behaviors }: FieldModel, behavior: FieldBehavior): boolean {
  return behaviors?.includes(behavior) ?? false;
}

function referenceText({ reference }: FieldOptionsModel): readonly string[] {
  if (reference === undefined) return [];
  const resource = reference.type === "*" ? "a resource of any type" : `a \`${reference.type}\``;
  const what = reference.to === "resource" ? `The name of ${resource}` : `The name of the parent of ${resource}`;
  return [`${what}${reference.patterns.length === 0 ? "" : `: ${patternList(reference.patterns)}`}.`];
}

/** What kind of resource a message is. */
export function resourceText({ resource }: MessageModel): string {
  if (resource === undefined) return "";
  const { type, patterns } = resource;
  return `A resource, \`${type}\`${patterns.length === 0 ? "" : `, named ${patternList(patterns)}`}.`;
}

function patternList(patterns: readonly string[]): string {
  return patterns.map((pattern) => `\`${pattern}\``).join(" or ");
}
