import { numberEnd } from "../text/decimal.js";
import { utf8Length } from "../text/utf8-length.js";
import { JsonError } from "./json-error.js";
import { isNumberByte, isWordByte, tokenExcerpt } from "./token-excerpt.js";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The kind of a JSON value, which its first character determines. */
export type JsonKind = "object" | "array" | "string" | "number" | "true" | "false" | "null";

/** A step of the path to the value that is being read, for errors: a name or an index. */
type Step = string | number;

/** A position in the text, and the objects, arrays and fields around it. */
export interface Mark {
  readonly at: number;
  readonly depth: number;
  readonly steps: number;
}

/**
 * A position in JSON text. The text is read in strict accordance with RFC 8259: UTF-8 without a byte order mark, no
 * comments, no trailing commas and no lone surrogates. The nesting depth is limited.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export class JsonCursor {
  protected readonly text: Buffer;
  /** The start of the next token, or of the white space before it. */
  protected at = 0;
  /** The start of the string or number that was read last, including its quote. */
  protected token = 0;
  /** The buffer that holds its content: the text, or a separate buffer if the string has escapes. */
  protected content: Buffer;
  /** The start of its content, in `content`. */
  protected start = 0;
  /** The end of its content. */
  protected end = 0;
  private readonly maxDepth: number;
  private depth = 0;
  private readonly steps: Step[] = [];
  /** The ends of large objects that have been skipped, by their starts. */
  private skipped: Map<number, number> | undefined;

  constructor(text: Buffer, maxDepth: number) {
    this.text = text;
    this.content = text;
    this.maxDepth = maxDepth;
  }

  /** Returns the kind of the next value, without reading it. */
  peek(): JsonKind {
    this.space();
    switch (this.text[this.at]) {
      case OPEN_BRACE:
        return "object";
      case OPEN_BRACKET:
        return "array";
      case QUOTE:
        return "string";
      case 0x74:
        return this.literal("true");
      case 0x66:
        return this.literal("false");
      case 0x6e:
        return this.literal("null");
      default:
        if (!isNumberByte(this.text[this.at])) this.unexpected("a JSON value");
        return "number";
    }
  }

  private literal<Word extends "true" | "false" | "null">(word: Word): Word {
    for (let i = 1; i < word.length; i++) {
      if (this.text[this.at + i] !== word.charCodeAt(i)) this.unexpected("a JSON value");
    }
    return word;
  }

  /** Reads `true`, `false` or `null`, after {@link peek} has returned it. */
  skipLiteral(word: "true" | "false" | "null"): void {
    this.at += word.length;
  }

  /** Reads the opening brace of an object. If the object is empty, reads all of it and returns `false`. */
  beginObject(): boolean {
    return this.begin(OPEN_BRACE, CLOSE_BRACE, "an object");
  }

  /** Reads the opening bracket of an array. If the array is empty, reads all of it and returns `false`. */
  beginArray(): boolean {
    return this.begin(OPEN_BRACKET, CLOSE_BRACKET, "an array");
  }

  /** Reads the comma before the next member and returns `true`, or reads the closing brace and returns `false`. */
  moreMembers(): boolean {
    return this.more(CLOSE_BRACE, "a comma or }");
  }

  /** Reads the comma before the next element and returns `true`, or reads the closing bracket and returns `false`. */
  moreElements(): boolean {
    return this.more(CLOSE_BRACKET, "a comma or ]");
  }

  private begin(open: number, close: number, expected: string): boolean {
    this.space();
    if (this.text[this.at] !== open) this.unexpected(expected);
    if (this.depth >= this.maxDepth) this.fail("nested too deeply", `expected at most ${this.maxDepth} levels`);
    this.at++;
    this.space();
    if (this.text[this.at] === close) {
      this.at++;
      return false;
    }
    this.depth++;
    return true;
  }

  private more(close: number, expected: string): boolean {
    this.space();
    const byte = this.text[this.at];
    if (byte === COMMA) {
      this.at++;
      return true;
    }
    if (byte !== close) this.unexpected(expected);
    this.at++;
    this.depth--;
    return false;
  }

  /** Reads the name of a member, as a string, and the colon after it. */
  memberName(): void {
    this.space();
    if (this.text[this.at] !== QUOTE) this.unexpected("a member's name in double quotes");
    this.string();
    this.space();
    if (this.text[this.at] !== COLON) this.unexpected("a colon");
    this.at++;
  }

  /** Reads a string. Its content is then in `content`, from `start` up to `end`. */
  string(): void {
    const { text } = this;
    const start = this.at + 1;
    let at = start;
    let escapes = false;
    for (;;) {
      const byte = text[at];
      if (byte === QUOTE) break;
      if (byte === undefined) this.fail("unterminated string", 'expected a closing "');
      if (byte === BACKSLASH) {
        escapes = true;
        at = this.escape(at);
      } else if (byte < 0x20) this.fail("control character in a string", "expected an escape sequence", at);
      else if (byte < 0x80) at++;
      else {
        const length = utf8Length(text, at, text.length);
        if (length === 0) this.fail("invalid UTF-8", "expected UTF-8; send other bytes as base64", at);
        at += length;
      }
    }
    this.token = this.at;
    this.at = at + 1;
    this.content = escapes ? unescaped(text, start, at) : text;
    this.start = escapes ? 0 : start;
    this.end = escapes ? this.content.length : at;
  }

  /**
   * Reads a string up to the next quote without checking it, for content that has no escapes and is checked elsewhere.
   */
  protected uncheckedString(): void {
    const quote = this.text.indexOf(QUOTE, this.at + 1);
    if (quote < 0) this.fail("unterminated string", 'expected a closing "');
    this.token = this.at;
    this.content = this.text;
    this.start = this.at + 1;
    this.end = quote;
    this.at = quote + 1;
  }

  /** Checks the escape, or pair of escapes, at `at` and returns the position after it. */
  private escape(at: number): number {
    switch (this.text[at + 1]) {
      case QUOTE:
      case BACKSLASH:
      case 0x2f:
      case 0x62:
      case 0x66:
      case 0x6e:
      case 0x72:
      case 0x74:
        return at + 2;
      case 0x75:
        break;
      default:
        this.fail("unknown escape sequence", 'expected one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u', at);
    }
    const unit = this.hexUnit(at);
    if (unit < 0xd800 || unit > 0xdfff) return at + 6;
    if (unit < 0xdc00 && this.text[at + 6] === BACKSLASH && this.text[at + 7] === 0x75) {
      const low = this.hexUnit(at + 6);
      if (low >= 0xdc00 && low <= 0xdfff) return at + 12;
    }
    this.fail("lone surrogate", "expected a surrogate pair", at);
  }

  /** Returns the UTF-16 code unit of the escape `\uXXXX` at `at`. */
  private hexUnit(at: number): number {
    let unit = 0;
    for (let i = at + 2; i < at + 6; i++) {
      const digit = hexDigit(this.text[i] ?? 0);
      if (digit < 0) this.fail("invalid \\u escape", "expected four hexadecimal digits", at);
      unit = unit * 16 + digit;
    }
    return unit;
  }

  /** Returns the content of the string or number that was read last. */
  contentText(): string {
    return this.content.toString("utf8", this.start, this.end);
  }

  /** Removes white space from both ends of the string that was read last. */
  protected trim(): void {
    while (this.start < this.end && isSpace(this.content[this.start])) this.start++;
    while (this.end > this.start && isSpace(this.content[this.end - 1])) this.end--;
  }

  /** Reads a number. Its text is then in `content`, from `start` up to `end`. */
  number(): void {
    const start = this.at;
    const end = numberEnd(this.text, start);
    if (end < 0) this.fail("invalid number", "expected a digit", -1 - end);
    if (isWordByte(this.text[end])) this.fail("invalid number", `expected a JSON number, got ${this.excerpt(start)}`);
    this.token = start;
    this.at = end;
    this.content = this.text;
    this.start = start;
    this.end = end;
  }

  /** Reads past a value of any kind. */
  skipValue(): void {
    const kind = this.peek();
    switch (kind) {
      case "object":
        this.skipObject();
        return;
      case "array":
        if (!this.beginArray()) return;
        do this.skipValue();
        while (this.moreElements());
        return;
      case "string":
        this.string();
        return;
      case "number":
        this.number();
        return;
      default:
        this.skipLiteral(kind);
    }
  }

  /**
   * Reads past an object. The end of a large one is remembered: each `google.protobuf.Any` looks ahead for its type, so
   * that objects in nested ones would otherwise be skipped once for each level.
   */
  private skipObject(): void {
    const start = this.at;
    const end = this.skipped?.get(start);
    if (end !== undefined) {
      this.at = end;
      return;
    }
    if (!this.beginObject()) return;
    do {
      this.memberName();
      this.skipValue();
    } while (this.moreMembers());
    if (this.at - start < LARGE) return;
    this.skipped ??= new Map();
    this.skipped.set(start, this.at);
  }

  /** Fails if anything except white space is left. */
  finish(): void {
    this.space();
    if (this.at < this.text.length) this.unexpected("the end of the JSON");
  }

  private space(): void {
    const { text } = this;
    let { at } = this;
    for (let byte = text[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = text[at]) at++;
    this.at = at;
  }

  /** Returns the current position, for {@link reset}. */
  protected mark(): Mark {
    return { at: this.at, depth: this.depth, steps: this.steps.length };
  }

  /** Returns to an earlier position. */
  protected reset({ at, depth, steps }: Mark): void {
    this.at = at;
    this.depth = depth;
    this.steps.length = steps;
  }

  /** Adds a step to the path that errors report. */
  protected enter(step: Step): void {
    this.steps.push(step);
  }

  protected leave(): void {
    this.steps.pop();
  }

  /** Replaces the last step of the path, for the next element. */
  protected advance(step: Step): void {
    this.steps[this.steps.length - 1] = step;
  }

  /** Fails because something else was expected at the current position. */
  protected unexpected(expected: string): never {
    this.space();
    const end = this.at >= this.text.length;
    this.fail(
      end ? "unexpected end of input" : "unexpected token",
      `expected ${expected}${end ? "" : `, got ${this.excerpt(this.at)}`}`,
    );
  }

  /** Fails at a position in the text, by default the current one. */
  fail(problem: string, detail = "", offset: number = this.at): never {
    throw new JsonError(pathOf(this.steps), offset, problem, detail);
  }

  /** Returns the beginning of the token at `at`, for an error's text. */
  protected excerpt(at: number): string {
    return tokenExcerpt(this.text, at, pathOf(this.steps));
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The size from which the end of an object that is skipped is remembered, in bytes. */
const LARGE = 1024;

/** Returns the content of a string whose escapes have been checked. */
function unescaped(text: Buffer, start: number, end: number): Buffer {
  const value: unknown = JSON.parse(text.toString("utf8", start - 1, end + 1));
  return Buffer.from(String(value));
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

function pathOf(steps: readonly Step[]): string {
  let path = "";
  for (const step of steps) {
    if (typeof step === "number") path += `[${step}]`;
    else path += path === "" || step.startsWith("[") ? step : `.${step}`;
  }
  return path;
}
