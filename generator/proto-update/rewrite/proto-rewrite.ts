import { isForeignImport, isForeignOption } from "./foreign-options.js";
import {
  type ImportStatement,
  type OptionEntry,
  type OptionList,
  type OptionStatement,
  readStructure,
  type Span,
} from "./proto-structure.js";
import { isComment, position, type Token } from "./proto-tokens.js";

/** An import as a proto file writes it, and where, as `file:line:column`. */
export interface ProtoImport {
  readonly path: string;
  readonly at: string;
}

/** A part of a text that another text takes the place of. */
interface Cut {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/**
 * Rewrites one proto file: leaves out its comments and the options of tools that are not ours with their imports, wherever
 * proto allows them, and gives every other import the path that `importPath` returns. All other tokens stay. The white
 * space around what is left out stays too: `buf format` is to tidy it.
 *
 * @param file - Names the text in errors.
 * @throws UpdateError on text that is no proto; and whatever `importPath` throws.
 */
export function rewriteProto(text: string, file: string, importPath: (written: ProtoImport) => string): string {
  const { tokens, parts } = readStructure(text, file);
  const cuts = parts.flatMap((part) => {
    if (part.kind === "import") {
      return cutImport(tokens, part, (path, start) => importPath({ path, at: position(text, start, file) }));
    }
    return part.kind === "option-list" ? cutEntries(text, tokens, part) : cutOption(tokens, part);
  });
  const comments = tokens.filter(isComment).map(({ start, end }): Cut => ({ start, end, replacement: " " }));
  return applyCuts(text, [...cuts, ...comments]);
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
  tokens: readonly Token[],
  part: ImportStatement,
  importPath: (path: string, start: number) => string,
): Cut[] {
  if (isForeignImport(part.path)) {
    return [cutTokens(tokens, part)];
  }
  const { start, end } = tokens[part.pathToken] ?? { start: 0, end: 0 };
  const path = importPath(part.path, start);
  return path === part.path ? [] : [{ start: start + 1, end: end - 1, replacement: path }];
}

function cutOption(tokens: readonly Token[], part: OptionStatement): Cut[] {
  return isForeign(part.name) ? [cutTokens(tokens, part)] : [];
}

/** An option of another tool has its extension's name in parentheses; what follows them is a field of its value. */
function isForeign(name: string): boolean {
  const extension = /^\(([^)]*)\)/.exec(name)?.[1];
  return extension !== undefined && isForeignOption(extension);
}

function cutEntries(text: string, tokens: readonly Token[], list: OptionList): Cut[] {
  const lastKept = list.entries.findLast((entry) => !isForeign(entry.name));
  if (!lastKept) {
    return list.entries.length === 0 ? [] : [cutTokens(tokens, list)];
  }
  return list.entries.flatMap((entry, index): Cut[] => {
    if (!isForeign(entry.name)) {
      return [];
    }
    if (entry.first < lastKept.first) {
      return [cutTokens(tokens, { first: entry.first, last: commaAfter(text, tokens, entry) })];
    }
    // The comma that led to it goes too: the last entry must not keep one.
    const previous = list.entries[index - 1];
    const comma = previous ? commaAfter(text, tokens, previous) : entry.first;
    return [cutTokens(tokens, { first: comma, last: entry.last })];
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

function cutTokens(tokens: readonly Token[], { first, last }: Span): Cut {
  return { start: tokens[first]?.start ?? 0, end: tokens[last]?.end ?? 0, replacement: "" };
}

/** The text after all cuts. One that begins within another is a part of it. */
function applyCuts(text: string, cuts: readonly Cut[]): string {
  let result = "";
  let at = 0;
  for (const cut of [...cuts].sort((a, b) => a.start - b.start)) {
    if (cut.start >= at) {
      result += text.slice(at, cut.start) + cut.replacement;
      at = cut.end;
    }
  }
  return result + text.slice(at);
}
