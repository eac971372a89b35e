/** A JSON value and its position in a text. */
export type JsonNode = { readonly from: number; readonly to: number } & (
  | { readonly kind: "object"; readonly members: readonly JsonMember[] }
  | { readonly kind: "list"; readonly items: readonly JsonNode[] }
  | { readonly kind: "string"; readonly value: string }
  /** The digits are kept as written. */
  | { readonly kind: "number"; readonly digits: string }
  | { readonly kind: "word"; readonly value: boolean | null }
);

/** A member of an object. */
export interface JsonMember {
  readonly name: string;
  /** The position of the name, including its quotes. */
  readonly from: number;
  readonly to: number;
  readonly value: JsonNode;
}

/** The error for a text that is not JSON, with the position of the first wrong character. */
export class JsonError extends SyntaxError {
  readonly from: number;
  readonly to: number;

  constructor(message: string, from: number, to: number = from + 1) {
    super(message);
    this.from = from;
    this.to = to;
  }
}

const SPACE = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings must not contain control characters.
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/** The maximum nesting depth. No server reads deeper values. */
const DEEPEST = 100;

/**
 * Reads a sequence of JSON values.
 *
 * @throws JsonError at the first wrong character
 */
export function readJsonNodes(text: string): readonly JsonNode[] {
  return new JsonReader(text).all();
}

/**
 * Splits a sequence of JSON values into the text of each.
 *
 * @throws JsonError at the first wrong character
 */
export function splitJson(text: string): readonly string[] {
  return readJsonNodes(text).map(({ from, to }) => text.slice(from, to));
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  all(): readonly JsonNode[] {
    const nodes: JsonNode[] = [];
    for (this.#take(SPACE); this.#at < this.#text.length; this.#take(SPACE)) nodes.push(this.#value(0));
    return nodes;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #takeMark(mark: string): boolean {
    this.#take(SPACE);
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #wrong(expected: string): JsonError {
    const got = this.#at >= this.#text.length ? "the end of the input" : JSON.stringify(this.#text[this.#at]);
    return new JsonError(`expected ${expected}, got ${got}`, this.#at);
  }

  #string(): string | undefined {
    if (this.#text[this.#at] !== '"') return undefined;
    const from = this.#at;
    const quoted = this.#take(STRING);
    if (quoted !== undefined) return JSON.parse(quoted);
    const line = /[\n\r]|$/g;
    line.lastIndex = from;
    throw new JsonError("unterminated string, or invalid escape sequence", from, line.exec(this.#text)?.index);
  }

  #value(depth: number): JsonNode {
    this.#take(SPACE);
    const from = this.#at;
    if (depth > DEEPEST) throw new JsonError(`values are nested more than ${DEEPEST} levels deep`, from);
    if (this.#takeMark("{")) return { kind: "object", members: this.#members(depth), from, to: this.#at };
    if (this.#takeMark("[")) return { kind: "list", items: this.#items(depth), from, to: this.#at };
    const given = this.#string();
    if (given !== undefined) return { kind: "string", value: given, from, to: this.#at };
    const digits = this.#take(NUMBER);
    if (digits !== undefined) return { kind: "number", digits, from, to: this.#at };
    const word = this.#take(WORD);
    if (word !== undefined) return { kind: "word", value: JSON.parse(word), from, to: this.#at };
    throw this.#wrong("a value");
  }

  #members(depth: number): JsonMember[] {
    const found: JsonMember[] = [];
    if (this.#takeMark("}")) return found;
    do {
      this.#take(SPACE);
      const from = this.#at;
      const name = this.#string();
      if (name === undefined) throw this.#wrong("a member's name in double quotes");
      const to = this.#at;
      if (!this.#takeMark(":")) throw this.#wrong("a colon");
      found.push({ name, from, to, value: this.#value(depth + 1) });
    } while (this.#takeMark(","));
    if (!this.#takeMark("}")) throw this.#wrong('"," or "}"');
    return found;
  }

  #items(depth: number): JsonNode[] {
    const found: JsonNode[] = [];
    if (this.#takeMark("]")) return found;
    do found.push(this.#value(depth + 1));
    while (this.#takeMark(","));
    if (!this.#takeMark("]")) throw this.#wrong('"," or "]"');
    return found;
  }
}
