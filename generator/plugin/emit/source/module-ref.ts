import path from "node:path";
import type { ImportExtension } from "../../options.js";
import { naturalOrder } from "./natural-order.js";

/** What is imported from: a package, or another output file by its path without an ending. */
export type ModuleRef = { readonly package: string } | { readonly file: string };

/** A module as an output file names it in an import. */
export function moduleSpecifier(ref: ModuleRef, importer: string, extension: ImportExtension): string {
  if ("package" in ref) return ref.package;
  const relative = path.posix.relative(path.posix.dirname(importer), ref.file);
  const ending = extension === "none" ? "" : `.${extension}`;
  return `${relative.startsWith(".") ? "" : "./"}${relative}${ending}`;
}

/** Sorts specifiers as the formatter does: packages first, then files, those farther away first. */
export function specifierOrder(a: string, b: string): number {
  return climb(b) - climb(a) || naturalOrder(a, b);
}

/** How many folders a specifier goes up; packages are farthest. */
function climb(specifier: string): number {
  if (!specifier.startsWith(".")) return Number.MAX_SAFE_INTEGER;
  return /^(?:\.\.\/)*/.exec(specifier)?.[0].length ?? 0;
}
