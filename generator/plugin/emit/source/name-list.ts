import type { ImportDeclarationStructure, WriterFunction } from "ts-morph";
import { LINE_WIDTH } from "./line-width.js";
import { naturalOrder } from "./natural-order.js";

/** One name in the braces of an import or export. */
export interface ListedName {
  readonly name: string;
  readonly as: string;
  readonly typeOnly: boolean;
}

/** What an import and an export with a list of names share. */
export interface NameList extends Pick<ImportDeclarationStructure, "moduleSpecifier" | "isTypeOnly"> {
  /** The text between the braces. */
  readonly names: WriterFunction;
}

/** Sorts the names of an import or export, and breaks them over lines if they do not fit on one; a single name stays. */
export function nameList(keyword: "import" | "export", listed: readonly ListedName[], specifier: string): NameList {
  const isTypeOnly = listed.every((each) => each.typeOnly);
  const names = [...listed]
    // Imports go by the name that they have here, exports by the one that they have there.
    .sort((a, b) => (keyword === "import" ? naturalOrder(a.as, b.as) : naturalOrder(a.name, b.name)))
    .map(
      ({ name, as, typeOnly }) => `${typeOnly && !isTypeOnly ? "type " : ""}${name}${as === name ? "" : ` as ${as}`}`,
    );
  const inline = names.join(", ");
  const line = `${keyword} ${isTypeOnly ? "type " : ""}{ ${inline} } from "${specifier}";`;
  return {
    moduleSpecifier: specifier,
    isTypeOnly,
    names: (writer) =>
      line.length <= LINE_WIDTH || names.length === 1
        ? writer.write(inline)
        : writer.newLine().write(names.map((name) => `${name},\n`).join("")),
  };
}
