import { UpdateError } from "../update-error.js";
import { isComment, position, type Token, tokenize } from "./proto-tokens.js";

/** A range of tokens, by the indices of the first and the last one. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** `import "path";` */
export interface ImportStatement extends Span {
  readonly kind: "import";
  readonly path: string;
  /** The index of the token with the path, which includes the quotes. */
  readonly pathToken: number;
}

/** `option name = value;`, at the top level or in any block. */
export interface OptionStatement extends Span {
  readonly kind: "option";
  readonly name: string;
}

/** `[name = value, name = value]` after a field, an enum value or an extension range. */
export interface OptionList extends Span {
  readonly kind: "option-list";
  readonly entries: readonly OptionEntry[];
}

/** One option of a list, without commas. */
export interface OptionEntry extends Span {
  readonly name: string;
}

/** The imports and options of a proto file. Token indices refer to `tokens`. */
export interface ProtoStructure {
  readonly tokens: readonly Token[];
  /** The imports and options, in the order of the text. */
  readonly parts: readonly (ImportStatement | OptionStatement | OptionList)[];
}

/**
 * Finds all imports and options of a proto file. Values are skipped as a whole, at any nesting depth.
 *
 * @param file - The name of the text in errors.
 * @throws UpdateError if brackets do not match or a statement does not end.
 */
export function readStructure(text: string, file: string): ProtoStructure {
  return new StructureReader(text, file).read();
}

const CLOSING: ReadonlyMap<string, string> = new Map([
  ["{", "}"],
  ["[", "]"],
  ["(", ")"],
]);
const CLOSERS: ReadonlySet<string> = new Set(CLOSING.values());

class StructureReader {
  readonly #text: string;
  readonly #file: string;
  readonly #tokens: readonly Token[];
  /** The indices of the tokens that are not comments. */
  readonly #code: readonly number[];
  readonly #parts: (ImportStatement | OptionStatement | OptionList)[] = [];

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
    this.#tokens = tokenize(text, file);
    this.#code = this.#tokens.flatMap((token, index) => (isComment(token) ? [] : [index]));
  }

  read(): ProtoStructure {
    const blocks: number[] = [];
    let atStatement = true;
    for (let at = 0; at < this.#code.length; at += 1) {
      const piece = this.#piece(at);
      const end = atStatement ? this.#statement(at) : undefined;
      if (end !== undefined) {
        at = end;
        continue;
      }
      if (piece === "[") {
        at = this.#optionList(at);
      } else if (piece === "{") {
        blocks.push(at);
      } else if (piece === "}" && blocks.pop() === undefined) {
        throw this.#error(at, "unexpected }");
      }
      atStatement = piece === ";" || piece === "{" || piece === "}";
    }
    const open = blocks.at(-1);
    if (open !== undefined) {
      throw this.#error(open, "unclosed {");
    }
    return { tokens: this.#tokens, parts: this.#parts };
  }

  /** Reads an import or an option that begins at `at`. Returns the index of its end, or undefined if there is none. */
  #statement(at: number): number | undefined {
    const next = this.#piece(at + 1);
    switch (this.#piece(at)) {
      case "import":
        return /^["'\w]/.test(next) ? this.#import(at) : undefined;
      case "option":
        return /^[(\w]/.test(next) ? this.#option(at) : undefined;
      default:
        return undefined;
    }
  }

  #import(at: number): number {
    const end = this.#find(at, ";");
    for (let index = at; index < end; index += 1) {
      if (this.#token(index)?.kind === "string") {
        const path = this.#piece(index).slice(1, -1);
        this.#parts.push({ kind: "import", path, pathToken: this.#index(index), ...this.#span(at, end) });
        return end;
      }
    }
    throw this.#error(at, "an import without a path");
  }

  #option(at: number): number {
    const end = this.#find(at, ";");
    this.#parts.push({ kind: "option", name: this.#optionName(at + 1, end), ...this.#span(at, end) });
    return end;
  }

  #optionList(at: number): number {
    const end = this.#closing(at);
    const entries: OptionEntry[] = [];
    for (let start = at + 1; start < end; ) {
      const comma = Math.min(this.#find(start, ",", end), end);
      if (comma > start) {
        entries.push({ name: this.#optionName(start, comma), ...this.#span(start, comma - 1) });
      }
      start = comma + 1;
    }
    this.#parts.push({ kind: "option-list", entries, ...this.#span(at, end) });
    return end;
  }

  /** Returns the name before the `=`, without white space. */
  #optionName(from: number, end: number): string {
    let name = "";
    for (let at = from; at < end && this.#piece(at) !== "="; at += 1) {
      name += this.#piece(at);
    }
    return name;
  }

  /** Returns the index of the first `wanted` from `at` that is not in brackets, or `end` if there is none before it. */
  #find(at: number, wanted: string, end?: number): number {
    const stop = end ?? this.#code.length;
    for (let index = at; index < stop; index += 1) {
      const piece = this.#piece(index);
      if (piece === wanted) {
        return index;
      }
      if (CLOSING.has(piece)) {
        index = this.#closing(index);
      } else if (CLOSERS.has(piece)) {
        break;
      }
    }
    if (end === undefined) {
      throw this.#error(at, `a statement without ${wanted}`);
    }
    return end;
  }

  /** Returns the index of the bracket that closes the one at `at`. */
  #closing(at: number): number {
    const expected: string[] = [];
    for (let index = at; index < this.#code.length; index += 1) {
      const piece = this.#piece(index);
      const closing = CLOSING.get(piece);
      if (closing !== undefined) {
        expected.push(closing);
      } else if (CLOSERS.has(piece) && expected.pop() !== piece) {
        throw this.#error(index, `unexpected ${piece}`);
      }
      if (expected.length === 0) {
        return index;
      }
    }
    throw this.#error(at, `unclosed ${this.#piece(at)}`);
  }

  #index(at: number): number {
    return this.#code[at] ?? this.#tokens.length;
  }

  #token(at: number): Token | undefined {
    return this.#tokens[this.#index(at)];
  }

  #piece(at: number): string {
    const token = this.#token(at);
    return token ? this.#text.slice(token.start, token.end) : "";
  }

  #span(first: number, last: number): Span {
    return { first: this.#index(first), last: this.#index(last) };
  }

  #error(at: number, what: string): UpdateError {
    return new UpdateError(`${position(this.#text, this.#token(at)?.start ?? this.#text.length, this.#file)}: ${what}`);
  }
}
