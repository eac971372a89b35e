import type { FieldBehavior, FieldOptionsModel } from "../../model/field-options.js";
import type { EnumModel, FieldModel, MessageModel } from "../../model/model.js";
import { joinParagraphs, paragraphs } from "./prose.js";

/** Descriptions of the behaviors that no schema keyword expresses. */
const IN_WORDS: Readonly<Partial<Record<FieldBehavior, string>>> = {
  OPTIONAL: "Optional.",
  IMMUTABLE: "Cannot be changed once it is set.",
  UNORDERED_LIST: "In no certain order.",
  NON_EMPTY_DEFAULT: "If it is left out, the server chooses a value.",
  IDENTIFIER: "Identifies the resource.",
};

/**
 * Whether a message must contain a field: proto2's `required`, or the behavior. Members of a oneof are never required.
 */
export function isRequired(field: FieldModel): boolean {
  return field.required || (hasBehavior(field, "REQUIRED") && field.oneof === undefined);
}

/** Whether only servers set a field, so that requests omit it. */
export function isOutputOnly(field: FieldModel): boolean {
  return hasBehavior(field, "OUTPUT_ONLY") || field.docs?.readOnly === true;
}

/** Whether responses omit a field. */
export function isInputOnly(field: FieldModel): boolean {
  return hasBehavior(field, "INPUT_ONLY") || field.docs?.writeOnly === true;
}

/** The description of a field: its comment, and the facts of its options that no schema keyword expresses. */
export function fieldText(field: FieldModel): string {
  const behaviors = (field.behaviors ?? []).flatMap((behavior) => IN_WORDS[behavior] ?? []);
  return joinParagraphs(
    field.docs?.description ?? paragraphs(field.comment),
    [...behaviors, ...referenceText(field)].join(" "),
  );
}

/** The description of an enum: its comment, and a list of the values that have a comment or are deprecated. */
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

/** The description of the resource that a message represents. `""` if it is none. */
export function resourceText({ resource }: MessageModel): string {
  if (resource === undefined) return "";
  const { type, patterns } = resource;
  return `A resource, \`${type}\`${patterns.length === 0 ? "" : `, named ${patternList(patterns)}`}.`;
}

function patternList(patterns: readonly string[]): string {
  return patterns.map((pattern) => `\`${pattern}\``).join(" or ");
}
