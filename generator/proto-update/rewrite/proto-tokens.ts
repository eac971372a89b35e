import { UpdateError } from "../update-error.js";

/** A token of a proto file: its kind, and its offsets in the text. Only white space is between two tokens. */
export interface Token {
  /** A `word` is an identifier, a keyword, or a number or part of one. A `symbol` is one character. */
  readonly kind: "word" | "string" | "symbol" | "line-comment" | "block-comment";
  readonly start: number;
  readonly end: number;
}

const BYTE_ORDER_MARK = "\uFEFF";
const PATTERN =
  /(?<word>[A-Za-z0-9_]+)|(?<line>\/\/[^\n]*)|(?<block>\/\*[\s\S]*?\*\/)|(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<symbol>[^\s])/y;

/**
 * Splits a proto file into its tokens, including comments. Nothing is lost, because the text between two tokens is only
 * white space. It does not check the grammar, which the compiler does.
 *
 * @param file - The name of the text in errors.
 * @throws UpdateError if a string or a comment does not end.
 */
export function tokenize(text: string, file: string): Token[] {
  const tokens: Token[] = [];
  let at = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  for (;;) {
    at = skipWhiteSpace(text, at);
    PATTERN.lastIndex = at;
    const found = PATTERN.exec(text);
    if (!found) {
      return tokens;
    }
    const token: Token = { kind: kindOf(found.groups), start: at, end: PATTERN.lastIndex };
    const piece = found[0];
    if (piece === '"' || piece === "'") {
      throw new UpdateError(`${position(text, at, file)}: unterminated string`);
    }
    if (piece === "/" && text[at + 1] === "*") {
      throw new UpdateError(`${position(text, at, file)}: unterminated comment`);
    }
    tokens.push(withoutCarriageReturn(text, token));
    at = token.end;
  }
}

/** Returns the `file:line:column` of an offset, counted from 1. */
export function position(text: string, offset: number, file: string): string {
  const before = text.slice(0, offset).split("\n");
  return `${file}:${before.length}:${(before.at(-1) ?? "").length + 1}`;
}

/** Whether a token is a comment. */
export function isComment(token: Token): boolean {
  return token.kind === "line-comment" || token.kind === "block-comment";
}

function skipWhiteSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text.charAt(at))) {
    at += 1;
  }
  return at;
}

function kindOf(groups: Record<string, string | undefined> | undefined): Token["kind"] {
  if (groups?.["word"] !== undefined) {
    return "word";
  }
  if (groups?.["line"] !== undefined) {
    return "line-comment";
  }
  if (groups?.["block"] !== undefined) {
    return "block-comment";
  }
  return groups?.["string"] !== undefined ? "string" : "symbol";
}

/** Removes the carriage return of a CRLF line end from a comment. */
function withoutCarriageReturn(text: string, token: Token): Token {
  return token.kind === "line-comment" && text[token.end - 1] === "\r" ? { ...token, end: token.end - 1 } : token;
}
