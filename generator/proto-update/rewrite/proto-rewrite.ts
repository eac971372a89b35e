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

/** An import of a proto file, with its position as `file:line:column`. */
export interface ProtoImport {
  readonly path: string;
  readonly at: string;
}

/** A part of a text and its replacement. */
interface Cut {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/**
 * Rewrites one proto file. It removes the comments, the options for other tools wherever proto allows them, and the
 * imports of these options. It replaces the path of every other import by the result of `importPath`. All other tokens
 * remain. The white space around removed parts remains, too; `buf format` must tidy it.
 *
 * @param file - The name of the text in errors.
 * @throws UpdateError if the text is not valid proto, and all errors of `importPath`.
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

/** Returns the imports of a proto file, except those of options that are removed. */
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

/**
 * Whether an option is for another tool. The name of its extension is in parentheses; a field of its value may follow.
 */
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
    // Also removes the comma before it, because no comma may follow the last entry.
    const previous = list.entries[index - 1];
    const comma = previous ? commaAfter(text, tokens, previous) : entry.first;
    return [cutTokens(tokens, { first: comma, last: entry.last })];
  });
}

/** Returns the index of the comma after an entry, or the index of the entry's last token if there is no comma. */
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

/** Applies all cuts. A cut that begins within another one is part of it. */
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
