import type { PathTemplate, SegmentModel, VariableModel } from "../../model/model.js";

/** A path template that does not follow the grammar. */
export class PathTemplateError extends Error {
  override readonly name = "PathTemplateError";
  /** The position of the mistake in the template, counted from 0. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Parses a path template as `google/api/http.proto` defines it:
 *
 *     Template  = "/" Segments [ Verb ] ;
 *     Segments  = Segment { "/" Segment } ;
 *     Segment   = "*" | "**" | LITERAL | Variable ;
 *     Variable  = "{" FieldPath [ "=" Segments ] "}" ;
 *     FieldPath = IDENT { "." IDENT } ;
 *     Verb      = ":" LITERAL ;
 *
 * docs/http-rules.md decides the details that the grammar leaves open: `/` alone is the root, a template contains at
 * most one `**`, and a literal consists of the characters that RFC 3986 allows in a path segment, except `*` and `:`.
 *
 * @throws {@link PathTemplateError}
 */
export function parsePathTemplate(template: string): PathTemplate {
  return new Parser(template).parse();
}

// unreserved / sub-delims without "*" / "@"; RFC 3986, section 3.3. A verb can also contain colons.
const LITERAL = /(?:[A-Za-z0-9\-._~!$&'()+,;=@]|%[0-9A-Fa-f]{2})+/y;
const VERB = /(?:[A-Za-z0-9\-._~!$&'()+,;=@:]|%[0-9A-Fa-f]{2})+/y;
const IDENT = /[A-Za-z_][A-Za-z0-9_]*/y;

class Parser {
  readonly #text: string;
  readonly #segments: SegmentModel[] = [];
  readonly #variables: VariableModel[] = [];
  #offset = 0;
  #deep = false;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): PathTemplate {
    if (!this.#take("/")) this.#fail('expected "/" at the beginning');
    if (this.#text === "/") return { segments: [], variables: [], verb: "" };
    this.#parseSegments(false);
    const verb = this.#take(":") ? this.#parseVerb() : "";
    if (this.#offset < this.#text.length) {
      if (verb === "") this.#failAtRest();
      this.#failInVerb();
    }
    return { segments: this.#segments, variables: this.#variables, verb };
  }

  #parseSegments(inVariable: boolean): void {
    do this.#parseSegment(inVariable);
    while (this.#take("/"));
  }

  #parseSegment(inVariable: boolean): void {
    const start = this.#offset;
    if (this.#take("**")) {
      this.#addWildcard("**", start);
      this.#deep = true;
    } else if (this.#take("*")) {
      this.#addWildcard("*", start);
    } else if (this.#take("{")) {
      if (inVariable) this.#fail("a variable cannot contain another variable", start);
      this.#parseVariable();
    } else {
      const text = this.#match(LITERAL);
      if (text === undefined) this.#failAtSegment();
      this.#segments.push({ kind: "literal", text: decodeLiteral(text) });
    }
  }

  #parseVariable(): void {
    const open = this.#offset - 1;
    const start = this.#segments.length;
    const field: string[] = [];
    do field.push(this.#match(IDENT) ?? this.#fail("a field name is missing"));
    while (this.#take("."));
    const segments = this.#take("=");
    if (segments) this.#parseSegments(true);
    else this.#addWildcard("*", open);
    if (!this.#take("}")) {
      const next = this.#next;
      if (next === "") this.#fail('"{" is not closed', open);
      if (!segments) this.#fail(`${JSON.stringify(next)} is not allowed in a field path`);
      this.#failAtRest();
    }
    const path = field.join(".");
    if (this.#variables.some((variable) => variable.field.join(".") === path)) {
      this.#fail(`{${path}} occurs twice`, open);
    }
    this.#variables.push({ field, start, end: this.#segments.length });
  }

  #parseVerb(): string {
    if (this.#offset === this.#text.length) this.#fail('a verb is missing after ":"');
    return decodeLiteral(this.#match(VERB) ?? this.#failInVerb());
  }

  #addWildcard(kind: "*" | "**", offset: number): void {
    if (kind === "**" && this.#deep) this.#fail('a second "**": a path template can contain only one', offset);
    this.#segments.push({ kind });
  }

  /** The next character. `""` at the end. */
  get #next(): string {
    const code = this.#text.codePointAt(this.#offset);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  #take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#offset)) return false;
    this.#offset += token.length;
    return true;
  }

  #match(token: RegExp): string | undefined {
    token.lastIndex = this.#offset;
    const found = token.exec(this.#text)?.[0];
    this.#offset += found?.length ?? 0;
    return found;
  }

  /** Fails where a segment was expected. */
  #failAtSegment(): never {
    const next = this.#next;
    if ("/}:".includes(next)) this.#fail("a segment is empty");
    this.#failAtRest();
  }

  /** Fails at a character that cannot follow a finished segment. */
  #failAtRest(): never {
    const last = this.#text[this.#offset - 1];
    const next = this.#next;
    if (next === "%") this.#fail('"%" is not followed by two hexadecimal digits');
    if (next === ":") this.#fail('":" is allowed only before a verb at the end; write %3A for a literal colon');
    if (next === "{") this.#fail('a variable must be a whole segment: put a "/" before it');
    if (last === "}") this.#fail('a variable must be a whole segment: put a "/" after it');
    if (next === "}") this.#fail('unexpected "}"');
    if (next === "*" || last === "*") {
      this.#fail('"*" and "**" must be whole segments; write %2A for a literal asterisk');
    }
    this.#fail(`${JSON.stringify(next)} is not allowed here: percent-encode it in a literal`);
  }

  #failInVerb(): never {
    const next = this.#next;
    if (next === "%") this.#fail('"%" is not followed by two hexadecimal digits');
    this.#fail(
      `${JSON.stringify(next)} is not allowed in a verb, and a verb ends the template; write %3A for a literal colon`,
    );
  }

  #fail(message: string, offset: number = this.#offset): never {
    throw new PathTemplateError(message, offset);
  }
}

/** Percent-decodes a literal. Sequences that are not valid UTF-8 stay encoded, in upper case. */
function decodeLiteral(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run.toUpperCase();
    }
  });
}
