import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { HTTP_BODY, isSingleValue } from "../../model/well-known.js";
import { sameLetters } from "./same-letters.js";

/** Whether a field is a raw HTTP body. In a stream, each message contains a part of the body. */
export function isHttpBody(field: DescField): boolean {
  return field.fieldKind === "message" && field.message.typeName === HTTP_BODY;
}

/** Checks the field that a rule's body names. Returns the problem, or `undefined`. */
export function checkBodyField(message: DescMessage, name: string): string | undefined {
  if (findField(message, name) !== undefined) return undefined;
  if (!name.includes(".")) return unknownField(message, name);
  return `"${name}" is a nested field: name a field of ${message.typeName} itself`;
}

/** Checks that a path variable can set a field. Returns the problem, or `undefined`. */
export function checkPathVariable(message: DescMessage, path: readonly string[]): string | undefined {
  let within: DescMessage | undefined = message;
  for (const [index, name] of path.entries()) {
    const last = index === path.length - 1;
    const shown = path.slice(0, index + 1).join(".");
    if (within === undefined)
      return `"${path.slice(0, index).join(".")}" is not a message, so it has no field "${name}"`;
    const field: DescField | undefined = findField(within, name);
    if (field === undefined) return unknownField(within, name);
    if (field.fieldKind === "map") return `"${shown}" is a map and cannot be part of a path: bind a singular field`;
    if (field.fieldKind === "list") return `"${shown}" is repeated and cannot be part of a path: bind a singular field`;
    if (last && field.message !== undefined && !isSingleValue(field.message.typeName)) {
      return `"${shown}" is a message and cannot be part of a path: bind one of its fields, as in {${shown}.NAME}`;
    }
    within = field.message;
  }
  return undefined;
}

/**
 * Checks that one request can set all these fields: no two of them belong to different members of the same oneof. Call
 * this function after {@link checkPathVariable}.
 */
export function checkOneofs(message: DescMessage, paths: readonly (readonly string[])[]): string | undefined {
  const members = new Map<string, string>();
  for (const path of paths) {
    let within: DescMessage | undefined = message;
    for (const [index, name] of path.entries()) {
      const field: DescField | undefined = within === undefined ? undefined : findField(within, name);
      within = field?.message;
      if (field?.oneof === undefined) continue;
      const shown = path.slice(0, index + 1).join(".");
      const oneof = [...path.slice(0, index), field.oneof.name].join(".");
      const other = members.get(oneof);
      members.set(oneof, shown);
      if (other === undefined || other === shown) continue;
      return `"${other}" and "${shown}" are members of the oneof "${oneof}", and a request can have only one of them: bind one`;
    }
  }
  return undefined;
}

/** Finds a field by its proto name. */
export function findField(message: DescMessage, name: string): DescField | undefined {
  return message.fields.find((field) => field.name === name);
}

/** Writes the message for an unknown field. It names the field that was probably meant. */
export function unknownField(message: DescMessage, name: string): string {
  const meant = message.fields.find((field) => field.jsonName === name || sameLetters(field.name, name));
  const advice = meant === undefined ? listOf(message) : `write "${meant.name}"`;
  return `${message.typeName} has no field "${name}": ${advice}`;
}

function listOf(message: DescMessage): string {
  const names = message.fields.map((field) => field.name);
  if (names.length === 0) return "it has no fields";
  const shown = names.slice(0, 10).join(", ");
  return `its fields are ${shown}${names.length > 10 ? ", ..." : ""}`;
}
