import { numberEnd } from "../text/decimal.js";
import { utf8Length } from "../text/utf8.js";
import { JsonError } from "./json-error.js";

const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** What a JSON value is, told from its first character. */
export type JsonKind = "object" | "array" | "string" | "number" | "true" | "false" | "null";

/** Where errors lie: the names and indexes that lead to the value being read. */
type Step = string | number;

interface Mark {
  readonly at: number;
  readonly depth: number;
  readonly steps: number;
}

/**
 * A place in JSON text. It is read by RFC 8259 to the letter: UTF-8 without a byte order mark, no comments, no trailing
 * commas, no lone surrogates; and no deeper than a limit.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export class JsonCursor {
  protected readonly text: Buffer;
  /** Where the next token begins, or the white space before it. */
  protected at = 0;
  /** Where the string or number that was read last begins, its quote included. */
  protected token = 0;
  /** What holds its content: the text, or a buffer of its own if it has escapes. */
  protected content: Buffer;
  /** Where its content begins, in `content`. */
  protected start = 0;
  /** Where its content ends. */
  protected end = 0;
  private readonly maxDepth: number;
  private depth = 0;
  private readonly steps: Step[] = [];

  constructor(text: Buffer, maxDepth: number) {
    this.text = text;
    this.content = text;
    this.maxDepth = maxDepth;
  }

  /** Tells what the next value is, without reading it. */
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

  /** Reads what {@link peek} told to be `true`, `false` or `null`. */
  skipLiteral(word: "true" | "false" | "null"): void {
    this.at += word.length;
  }

  /** Reads the opening brace of an object, or fails; `false` if the object is empty, which is then read. */
  beginObject(): boolean {
    return this.begin(OPEN_BRACE, CLOSE_BRACE, "an object");
  }

  /** Reads the opening bracket of an array, or fails; `false` if the array is empty, which is then read. */
  beginArray(): boolean {
    return this.begin(OPEN_BRACKET, CLOSE_BRACKET, "an array");
  }

  /** Reads the comma before the next member; or the closing brace, and returns `false`. */
  moreMembers(): boolean {
    return this.more(CLOSE_BRACE, "a comma or }");
  }

  /** Reads the comma before the next element; or the closing bracket, and returns `false`. */
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

  /** Reads a member's name, as a string, and the colon behind it. */
  memberName(): void {
    this.space();
    if (this.text[this.at] !== QUOTE) this.unexpected("a member's name in double quotes");
    this.string();
    this.space();
    if (this.text[this.at] !== COLON) this.unexpected("a colon");
    this.at++;
  }

  /** Reads a string: its content is then what `content` holds between `start` and `end`. */
  string(): void {
    const { text } = this;
    const start = this.at + 1;
    let at = start;
    let escapes = false;
    for (;;) {
      const byte = text[at];
      if (byte === QUOTE) break;
      if (byte === undefined) this.fail("the text ends within a string");
      if (byte === BACKSLASH) {
        escapes = true;
        at = this.escape(at);
      } else if (byte < 0x20) this.fail("a control character in a string", "expected it to be escaped", at);
      else if (byte < 0x80) at++;
      else {
        const length = utf8Length(text, at, text.length);
        if (length === 0) this.fail("invalid UTF-8", "", at);
        at += length;
      }
    }
    this.token = this.at;
    this.at = at + 1;
    this.content = escapes ? unescaped(text, start, at) : text;
    this.start = escapes ? 0 : start;
    this.end = escapes ? this.content.length : at;
  }

  /** Reads a string up to the next quote, whatever is in it: for content that is checked otherwise and has no escapes. */
  protected uncheckedString(): void {
    const quote = this.text.indexOf(QUOTE, this.at + 1);
    if (quote < 0) this.fail("the text ends within a string");
    this.token = this.at;
    this.content = this.text;
    this.start = this.at + 1;
    this.end = quote;
    this.at = quote + 1;
  }

  /** Checks the escape at `at`, or pair of escapes, and returns the position behind it. */
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
        this.fail("an unknown escape in a string", 'expected one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u', at);
    }
    const unit = this.hexUnit(at);
    if (unit < 0xd800 || unit > 0xdfff) return at + 6;
    if (unit < 0xdc00 && this.text[at + 6] === BACKSLASH && this.text[at + 7] === 0x75) {
      const low = this.hexUnit(at + 6);
      if (low >= 0xdc00 && low <= 0xdfff) return at + 12;
    }
    this.fail("half of a surrogate pair", "expected a high and a low one", at);
  }

  /** The UTF-16 code unit of the escape `\uXXXX` at `at`. */
  private hexUnit(at: number): number {
    let unit = 0;
    for (let i = at + 2; i < at + 6; i++) {
      const digit = hexDigit(this.text[i] ?? 0);
      if (digit < 0) this.fail("an illegal \\u escape", "expected four hexadecimal digits", at);
      unit = unit * 16 + digit;
    }
    return unit;
  }

  /** The content of the string or number that was read last. */
  contentText(): string {
    return this.content.toString("utf8", this.start, this.end);
  }

  /** Takes white space off both ends of the string that was read last. */
  protected trim(): void {
    while (this.start < this.end && isSpace(this.content[this.start])) this.start++;
    while (this.end > this.start && isSpace(this.content[this.end - 1])) this.end--;
  }

  /** Reads a number: its text is then what `content` holds between `start` and `end`. */
  number(): void {
    const start = this.at;
    const end = numberEnd(this.text, start);
    if (end < 0) this.fail("an illegal number", "expected a digit", -1 - end);
    if (isWordByte(this.text[end]))
      this.fail("an illegal number", `expected digits as JSON has them, got ${this.excerpt(start)}`);
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
        if (!this.beginObject()) return;
        do {
          this.memberName();
          this.skipValue();
        } while (this.moreMembers());
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

  /** Fails unless only white space is left. */
  finish(): void {
    this.space();
    if (this.at < this.text.length) this.unexpected("the end of the text");
  }

  private space(): void {
    const { text } = this;
    let { at } = this;
    for (let byte = text[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; byte = text[at]) at++;
    this.at = at;
  }

  /** The present place, to come back to. */
  protected mark(): Mark {
    return { at: this.at, depth: this.depth, steps: this.steps.length };
  }

  /** Goes back to an earlier place. */
  protected reset({ at, depth, steps }: Mark): void {
    this.at = at;
    this.depth = depth;
    this.steps.length = steps;
  }

  /** Enters a member or an element: errors from now on lie there. */
  protected enter(step: Step): void {
    this.steps.push(step);
  }

  protected leave(): void {
    this.steps.pop();
  }

  /** Goes on to the next element. */
  protected advance(step: Step): void {
    this.steps[this.steps.length - 1] = step;
  }

  /** Fails because something else was expected at the present place. */
  protected unexpected(expected: string): never {
    this.space();
    const end = this.at >= this.text.length;
    this.fail(
      end ? "the text ends too early" : "unexpected token",
      `expected ${expected}${end ? "" : `, got ${this.excerpt(this.at)}`}`,
    );
  }

  /** Fails at a place in the text, the present one by default. */
  fail(problem: string, detail = "", offset: number = this.at): never {
    throw new JsonError(pathOf(this.steps), offset, problem, detail);
  }

  /** The beginning of what stands at `at`, for an error's text; of a secret, nothing, as errors are logged. */
  protected excerpt(at: number): string {
    // A stray quote in a secret ends its string too early: the rest of it then stands where no value should be.
    const context = this.text.toString("latin1", Math.max(0, at - CONTEXT), at);
    if (SECRET.test(pathOf(this.steps)) || SECRET.test(context)) return "a value that is not shown";
    let end = at + 1;
    if (this.text[at] === QUOTE) {
      while (end < this.text.length && this.text[end] !== QUOTE) end++;
      end++;
    } else while (isWordByte(this.text[end])) end++;
    const shown = this.text.toString("utf8", at, Math.min(end, at + EXCERPT));
    return end > at + EXCERPT ? `${shown}...` : shown;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Names of fields whose values are not for logs. */
const SECRET = /passw|token|secret/i;

/** How far before a value such a name may stand, in bytes. */
const CONTEXT = 256;

/** The longest excerpt of a text in an error, in bytes. */
const EXCERPT = 32;

/** The content of a string whose escapes were checked before. */
function unescaped(text: Buffer, start: number, end: number): Buffer {
  const value: unknown = JSON.parse(text.toString("utf8", start - 1, end + 1));
  return Buffer.from(String(value));
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/** Whether a number may begin with a byte. */
function isNumberByte(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || byte === MINUS);
}

/** Whether a byte goes on with a number or a word. */
function isWordByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return isNumberByte(byte) || (lower >= 0x61 && lower <= 0x7a) || byte === PLUS || byte === DOT;
}

function pathOf(steps: readonly Step[]): string {
  let path = "";
  for (const step of steps) {
    if (typeof step === "number") path += `[${step}]`;
    else path += path === "" || step.startsWith("[") ? step : `.${step}`;
  }
  return path;
}
