import type { AnyDesc, DescFile } from "@bufbuild/protobuf";
import type { SourceCodeInfo_Location } from "@bufbuild/protobuf/wkt";
import type { Position } from "./diagnostics.js";

// Field numbers of google/protobuf/descriptor.proto. The paths of source locations consist of them.
const FILE = { message: 4, enum: 5, service: 6 };
const MESSAGE = { field: 2, nested: 3, enum: 4, oneof: 8 };
const ENUM = { value: 2 };
const SERVICE = { method: 2 };

/** The field number of the options of an RPC. */
export const METHOD_OPTIONS = 4;

const locations = new WeakMap<DescFile, ReadonlyMap<string, SourceCodeInfo_Location>>();

function locationsOf(file: DescFile): ReadonlyMap<string, SourceCodeInfo_Location> {
  let known = locations.get(file);
  if (known === undefined) {
    const found = new Map<string, SourceCodeInfo_Location>();
    for (const location of file.proto.sourceCodeInfo?.location ?? []) {
      const key = location.path.join();
      // An option that is set in several statements has a location for each. For the parent, the first location counts.
      if (!found.has(key)) found.set(key, location);
    }
    locations.set(file, found);
    known = found;
  }
  return known;
}

/** The file that declares an element. */
function fileOf(desc: AnyDesc): DescFile {
  if (desc.kind === "file") return desc;
  return "file" in desc ? desc.file : fileOf(desc.parent);
}

/** The path of an element in its file's source information. */
function pathOf(desc: AnyDesc): readonly number[] {
  switch (desc.kind) {
    case "file":
      return [];
    case "message":
      return desc.parent === undefined
        ? [FILE.message, desc.file.proto.messageType.indexOf(desc.proto)]
        : [...pathOf(desc.parent), MESSAGE.nested, desc.parent.proto.nestedType.indexOf(desc.proto)];
    case "enum":
      return desc.parent === undefined
        ? [FILE.enum, desc.file.proto.enumType.indexOf(desc.proto)]
        : [...pathOf(desc.parent), MESSAGE.enum, desc.parent.proto.enumType.indexOf(desc.proto)];
    case "enum_value":
      return [...pathOf(desc.parent), ENUM.value, desc.parent.proto.value.indexOf(desc.proto)];
    case "field":
      return [...pathOf(desc.parent), MESSAGE.field, desc.parent.proto.field.indexOf(desc.proto)];
    case "oneof":
      return [...pathOf(desc.parent), MESSAGE.oneof, desc.parent.proto.oneofDecl.indexOf(desc.proto)];
    case "service":
      return [FILE.service, desc.file.proto.service.indexOf(desc.proto)];
    case "rpc":
      return [...pathOf(desc.parent), SERVICE.method, desc.parent.proto.method.indexOf(desc.proto)];
    case "extension":
      return desc.parent === undefined ? [] : pathOf(desc.parent);
  }
}

/**
 * Returns the position of an element, or of a part of it. `within` is the path of the part, relative to the element.
 * Compilers record locations to different depths, so the innermost recorded one counts.
 */
export function positionOf(desc: AnyDesc, within: readonly number[] = []): Position {
  const file = fileOf(desc);
  const known = locationsOf(file);
  const path = [...pathOf(desc), ...within];
  while (path.length > 0) {
    const [line, column] = known.get(path.join())?.span ?? [];
    if (line !== undefined && column !== undefined) {
      return { file: file.proto.name, line: line + 1, column: column + 1 };
    }
    path.pop();
  }
  return { file: file.proto.name };
}

/** Returns the comment before an element, or after it on its line, without comment marks. `""` for none. */
export function commentOf(desc: AnyDesc): string {
  const location = locationsOf(fileOf(desc)).get(pathOf(desc).join());
  const text = location?.leadingComments || location?.trailingComments || "";
  return withoutMargin(text.split("\n")).join("\n").trim();
}

/** Removes the space that all lines of a comment start with, and keeps deeper indents. */
function withoutMargin(lines: readonly string[]): readonly string[] {
  const used = lines.filter((line) => line.trim() !== "");
  const margin = Math.min(...used.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(margin).trimEnd());
}
