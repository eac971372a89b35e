import path from "node:path";
import type { ImportExtension } from "../../plugin-options.js";
import { naturalOrder } from "./natural-order.js";

/** A module to import from: a package, or another output file by its path without an extension. */
export type ModuleRef = { readonly package: string } | { readonly file: string };

/** Writes the specifier that an output file imports a module by. */
export function moduleSpecifier(ref: ModuleRef, importer: string, extension: ImportExtension): string {
  if ("package" in ref) return ref.package;
  const relative = path.posix.relative(path.posix.dirname(importer), ref.file);
  const ending = extension === "none" ? "" : `.${extension}`;
  return `${relative.startsWith(".") ? "" : "./"}${relative}${ending}`;
}

/** Compares specifiers as the formatter sorts them: packages first, then files, with the files farthest away first. */
export function specifierOrder(a: string, b: string): number {
  return climb(b) - climb(a) || naturalOrder(a, b);
}

/** The length of a specifier's leading `../` parts. Packages count as farthest. */
function climb(specifier: string): number {
  if (!specifier.startsWith(".")) return Number.MAX_SAFE_INTEGER;
  return /^(?:\.\.\/)*/.exec(specifier)?.[0].length ?? 0;
}
