import type { DescFile } from "@bufbuild/protobuf";
import type { SourceCodeInfo_Location } from "@bufbuild/protobuf/wkt";
import { symbolsOf } from "./symbols.js";

/**
 * The lines of the comments above each symbol, by its full name. An empty line separates a comment from the next one.
 */
export type Comments = ReadonlyMap<string, readonly string[]>;

/** Reads the comments of the symbols in some files: those above the symbols and those at the ends of their lines. */
export function readComments(files: Iterable<DescFile>): Comments {
  const comments = new Map<string, readonly string[]>();
  for (const file of files) {
    const locations = locationsOf(file);
    for (const { name, path } of symbolsOf(file)) {
      const lines = linesOf(locations.get(path.join()));
      if (lines.length > 0) {
        comments.set(name, lines);
      }
    }
  }
  return comments;
}

/**
 * Writes comments above the symbols of a file.
 *
 * @param text - The file's text without comments, with each symbol at the start of a line, as `buf format` writes it.
 * @param file - The descriptor of that text.
 */
export function insertComments(text: string, file: DescFile, comments: Comments): string {
  const locations = locationsOf(file);
  const above = new Map<number, readonly string[]>();
  for (const { name, path } of symbolsOf(file)) {
    const line = locations.get(path.join())?.span[0];
    const lines = comments.get(name);
    if (line !== undefined && lines !== undefined) {
      above.set(line, lines);
    }
  }
  const result: string[] = [];
  text.split("\n").forEach((line, index) => {
    const lines = above.get(index);
    if (lines !== undefined) {
      const previous = result.at(-1) ?? "";
      const gap = previous === "" || previous.endsWith("{") ? [] : [""];
      const indent = /^\s*/.exec(line)?.[0] ?? "";
      result.push(...gap, ...lines.map((each) => (each === "" ? "" : indent + each)));
    }
    result.push(line);
  });
  return result.join("\n");
}

/** Returns the names of the symbols in some files that have no comment, in the order of the text. */
export function uncommented(files: Iterable<DescFile>, comments: Comments): string[] {
  return [...files].flatMap((file) => symbolsOf(file).flatMap(({ name }) => (comments.has(name) ? [] : [name])));
}

function locationsOf(file: DescFile): ReadonlyMap<string, SourceCodeInfo_Location> {
  return new Map((file.proto.sourceCodeInfo?.location ?? []).map((location) => [location.path.join(), location]));
}

function linesOf(location: SourceCodeInfo_Location | undefined): string[] {
  if (location === undefined) {
    return [];
  }
  const { leadingDetachedComments, leadingComments, trailingComments } = location;
  const attached = [leadingComments, trailingComments].filter((text) => text !== "").map(commentLines);
  return [
    ...leadingDetachedComments.flatMap((text) => [...commentLines(text), ""]),
    ...attached.flatMap((lines, index) => (index === 0 ? lines : ["//", ...lines])),
  ];
}

/** Adds the comment marks, which the text in the descriptor lacks. */
function commentLines(text: string): string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `//${/^(?:\s|$)/.test(line) ? "" : " "}${line}`.trimEnd());
}
