import type { ImportDeclarationStructure, WriterFunction } from "ts-morph";
import { LINE_WIDTH } from "./line-width.js";
import { naturalOrder } from "./natural-order.js";

/** A name in the braces of an import or export. */
export interface ListedName {
  readonly name: string;
  readonly as: string;
  readonly typeOnly: boolean;
}

/** The common parts of an import and an export with a list of names. */
export interface NameList extends Pick<ImportDeclarationStructure, "moduleSpecifier" | "isTypeOnly"> {
  /** The text between the braces. */
  readonly names: WriterFunction;
}

/**
 * Sorts the names of an import or export, and puts each on its own line if they do not fit on one. A single name stays.
 */
export function nameList(keyword: "import" | "export", listed: readonly ListedName[], specifier: string): NameList {
  const isTypeOnly = listed.every((each) => each.typeOnly);
  const names = [...listed]
    // Formatters sort imports by their local names, and exports by their original names.
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
