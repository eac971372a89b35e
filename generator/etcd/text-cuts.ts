import { isComment, type Token } from "./proto-tokens.js";

/** A part of a text that another text takes the place of. */
export interface Cut {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** Where a cut that shares its line with other code takes white space from. */
export type Side = "before" | "after";

/**
 * Cuts tokens `first` to `last` (indices) out of a text, with what belongs to them: their whole lines when nothing else
 * stands there, with the comments directly above and the one at the end of the line. A comment with a blank line after it stays.
 */
export function cutTokens(text: string, tokens: readonly Token[], first: number, last: number, side: Side): Cut {
  const start = tokens[first]?.start ?? 0;
  const end = tokens[last]?.end ?? text.length;
  const lineStart = startOfLine(text, start);
  const trailing = trailingComment(text, tokens, last);
  const lineEnd = endOfLine(text, trailing?.end ?? end);
  if (isBlank(text.slice(lineStart, start)) && isBlank(text.slice(trailing?.end ?? end, lineEnd))) {
    return { start: startOfAttachedComments(text, tokens, first, lineStart), end: lineEnd, replacement: "" };
  }
  return side === "after"
    ? { start, end: endWithSpace(text, tokens, last, end), replacement: "" }
    : { start: startWithSpace(tokens, first, start), end, replacement: "" };
}

/** The text after all cuts. Where whole lines went, no second blank line stays behind. */
export function applyCuts(text: string, cuts: readonly Cut[]): string {
  let result = "";
  let at = 0;
  for (const cut of merged(cuts)) {
    result += text.slice(at, cut.start) + cut.replacement;
    at = cut.end;
    if (cut.replacement === "" && isLineStart(result) && isLineStart(text.slice(0, at)) && endsInGap(result)) {
      at = skipBlankLines(text, at);
    }
  }
  return result + text.slice(at);
}

function merged(cuts: readonly Cut[]): Cut[] {
  const result: Cut[] = [];
  for (const cut of [...cuts].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && last.end >= cut.start && last.replacement === "" && cut.replacement === "") {
      result[result.length - 1] = { ...last, end: Math.max(last.end, cut.end) };
    } else {
      result.push(cut);
    }
  }
  return result;
}

/** A comment after a token on the same line, with nothing but white space between. */
function trailingComment(text: string, tokens: readonly Token[], last: number): Token | undefined {
  const end = tokens[last]?.end ?? text.length;
  const next = tokens[last + 1];
  return next && isComment(next) && !text.slice(end, next.start).includes("\n") ? next : undefined;
}

function startOfAttachedComments(text: string, tokens: readonly Token[], first: number, lineStart: number): number {
  let start = lineStart;
  for (let index = first - 1; index >= 0; index -= 1) {
    const comment = tokens[index];
    if (!comment || !isComment(comment)) {
      break;
    }
    const own = startOfLine(text, comment.start);
    if (!isBlank(text.slice(own, comment.start)) || endOfLine(text, comment.end) !== start) {
      break;
    }
    start = own;
  }
  return start;
}

function endWithSpace(text: string, tokens: readonly Token[], last: number, end: number): number {
  const next = tokens[last + 1];
  return next && !isComment(next) ? next.start : end + (/^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0);
}

function startWithSpace(tokens: readonly Token[], first: number, start: number): number {
  const previous = tokens[first - 1];
  // The end of a line comment is its line's end: what follows must stay on the next line.
  return previous && previous.kind !== "line-comment" ? previous.end : start;
}

function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** The offset after the line's end, or the text's end. */
function endOfLine(text: string, offset: number): number {
  const found = text.indexOf("\n", offset);
  return found < 0 ? text.length : found + 1;
}

function isBlank(text: string): boolean {
  return /^\s*$/.test(text);
}

function isLineStart(text: string): boolean {
  return text === "" || text.endsWith("\n");
}

/** At the start, after a blank line, or after a line that opens a block. */
function endsInGap(text: string): boolean {
  return /(?:^|\n[ \t]*\r?\n|\{[ \t]*\r?\n)$/.test(text);
}

function skipBlankLines(text: string, from: number): number {
  return from + (/^(?:[ \t]*\r?\n)*/.exec(text.slice(from))?.[0].length ?? 0);
}
