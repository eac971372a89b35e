import { isForeignImport, isForeignOption } from "./foreign-options.js";
import {
  type ImportStatement,
  type OptionEntry,
  type OptionList,
  type OptionStatement,
  readStructure,
} from "./proto-structure.js";
import { position, type Token } from "./proto-tokens.js";
import { applyCuts, type Cut, cutTokens } from "./text-cuts.js";

/** An import as a proto file writes it, and where, as `file:line:column`. */
export interface ProtoImport {
  readonly path: string;
  readonly at: string;
}

/**
 * Rewrites one proto file: leaves out the options of tools that are not ours with their imports, wherever proto allows an
 * option, and gives every other import the path that `importPath` returns. All else, comments included, stays to the byte.
 *
 * @param file - Names the text in errors.
 * @throws UpdateError on text that is no proto; and whatever `importPath` throws.
 */
export function rewriteProto(text: string, file: string, importPath: (written: ProtoImport) => string): string {
  const { tokens, parts } = readStructure(text, file);
  const cuts = parts.flatMap((part) => {
    if (part.kind === "import") {
      return cutImport(text, tokens, part, (path, start) => importPath({ path, at: position(text, start, file) }));
    }
    return part.kind === "option-list" ? cutEntries(text, tokens, part) : cutOption(text, tokens, part);
  });
  return applyCuts(text, cuts);
}

/** The imports of a proto file, without those of options that are left out. */
export function readImports(text: string, file: string): ProtoImport[] {
  const imports: ProtoImport[] = [];
  rewriteProto(text, file, (written) => {
    imports.push(written);
    return written.path;
  });
  return imports;
}

function cutImport(
  text: string,
  tokens: readonly Token[],
  part: ImportStatement,
  importPath: (path: string, start: number) => string,
): Cut[] {
  if (isForeignImport(part.path)) {
    return [cutTokens(text, tokens, part.first, part.last, "after")];
  }
  const { start, end } = tokens[part.pathToken] ?? { start: 0, end: 0 };
  const path = importPath(part.path, start);
  return path === part.path ? [] : [{ start: start + 1, end: end - 1, replacement: path }];
}

function cutOption(text: string, tokens: readonly Token[], part: OptionStatement): Cut[] {
  return isForeign(part.name) ? [cutTokens(text, tokens, part.first, part.last, "after")] : [];
}

/** An option of another tool has its extension's name in parentheses; what follows them is a field of its value. */
function isForeign(name: string): boolean {
  const extension = /^\(([^)]*)\)/.exec(name)?.[1];
  return extension !== undefined && isForeignOption(extension);
}

function cutEntries(text: string, tokens: readonly Token[], list: OptionList): Cut[] {
  const kept = list.entries.filter((entry) => !isForeign(entry.name));
  const lastKept = kept.at(-1);
  if (kept.length === list.entries.length) {
    return [];
  }
  if (!lastKept) {
    return [cutList(tokens, list)];
  }
  return list.entries.flatMap((entry, index): Cut[] => {
    if (!isForeign(entry.name)) {
      return [];
    }
    if (entry.first < lastKept.first) {
      return [cutTokens(text, tokens, entry.first, commaAfter(text, tokens, entry), "after")];
    }
    // Its own comma, if it has one, and the comma that led to it: the last entry must not keep one.
    const previous = list.entries[index - 1];
    const comma = previous && tokens[commaAfter(text, tokens, previous)];
    const cut = cutTokens(text, tokens, entry.first, entry.last, "before");
    return comma ? [{ start: comma.start, end: comma.end, replacement: "" }, cut] : [cut];
  });
}

/** The index of the comma that follows an entry; of the entry's last token if none does. */
function commaAfter(text: string, tokens: readonly Token[], entry: OptionEntry): number {
  for (let index = entry.last + 1; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token && (token.kind === "symbol" || token.kind === "word")) {
      return text.slice(token.start, token.end) === "," ? index : entry.last;
    }
  }
  return entry.last;
}

/** A list of which nothing is left goes with its brackets. */
function cutList(tokens: readonly Token[], list: OptionList): Cut {
  const start = tokens[list.first]?.start ?? 0;
  const previous = tokens[list.first - 1];
  return {
    start: previous && previous.kind !== "line-comment" ? previous.end : start,
    end: tokens[list.last]?.end ?? start,
    replacement: "",
  };
}
