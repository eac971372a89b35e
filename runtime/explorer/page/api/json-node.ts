/** A JSON value and its position in a text. */
export type JsonNode = { readonly from: number; readonly to: number } & (
  | { readonly kind: "object"; readonly members: readonly Member[] }
  | { readonly kind: "list"; readonly items: readonly JsonNode[] }
  | { readonly kind: "string"; readonly value: string }
  /** The digits are kept as written. */
  | { readonly kind: "number"; readonly digits: string }
  | { readonly kind: "word"; readonly value: boolean | null }
);

/** A member of an object. */
export interface Member {
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
  let at = 0;

  function take(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  }

  function takeMark(mark: string): boolean {
    take(SPACE);
    if (text[at] !== mark) return false;
    at++;
    return true;
  }

  function wrong(expected: string): JsonError {
    const got = at >= text.length ? "the end of the input" : JSON.stringify(text[at]);
    return new JsonError(`expected ${expected}, got ${got}`, at);
  }

  function string(): string | undefined {
    if (text[at] !== '"') return undefined;
    const from = at;
    const quoted = take(STRING);
    if (quoted !== undefined) return JSON.parse(quoted);
    const line = /[\n\r]|$/g;
    line.lastIndex = from;
    throw new JsonError("unterminated string, or invalid escape sequence", from, line.exec(text)?.index);
  }

  function value(depth: number): JsonNode {
    take(SPACE);
    const from = at;
    if (depth > DEEPEST) throw new JsonError(`values are nested more than ${DEEPEST} levels deep`, from);
    if (takeMark("{")) return { kind: "object", members: members(depth), from, to: at };
    if (takeMark("[")) return { kind: "list", items: items(depth), from, to: at };
    const given = string();
    if (given !== undefined) return { kind: "string", value: given, from, to: at };
    const digits = take(NUMBER);
    if (digits !== undefined) return { kind: "number", digits, from, to: at };
    const word = take(WORD);
    if (word !== undefined) return { kind: "word", value: JSON.parse(word), from, to: at };
    throw wrong("a value");
  }

  function members(depth: number): Member[] {
    const found: Member[] = [];
    if (takeMark("}")) return found;
    do {
      take(SPACE);
      const from = at;
      const name = string();
      if (name === undefined) throw wrong("a member's name in double quotes");
      const to = at;
      if (!takeMark(":")) throw wrong("a colon");
      found.push({ name, from, to, value: value(depth + 1) });
    } while (takeMark(","));
    if (!takeMark("}")) throw wrong('"," or "}"');
    return found;
  }

  function items(depth: number): JsonNode[] {
    const found: JsonNode[] = [];
    if (takeMark("]")) return found;
    do found.push(value(depth + 1));
    while (takeMark(","));
    if (!takeMark("]")) throw wrong('"," or "]"');
    return found;
  }

  const nodes: JsonNode[] = [];
  for (take(SPACE); at < text.length; take(SPACE)) nodes.push(value(0));
  return nodes;
}

/**
 * Splits a sequence of JSON values into the text of each.
 *
 * @throws JsonError at the first wrong character
 */
export function splitJson(text: string): readonly string[] {
  return readJsonNodes(text).map(({ from, to }) => text.slice(from, to));
}
