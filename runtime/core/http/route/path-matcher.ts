import type { Binding, PathVariable, Segment } from "../../call/rpc.js";
import { percentDecode, percentDecodeAllButSlash } from "../../transcode/url/request-path.js";

/** A path template and the value that belongs to it. */
export interface TemplateEntry<Value> {
  readonly binding: Binding;
  readonly value: Value;
}

/** A template that matches a path. */
export interface TemplateMatch<Value> {
  readonly value: Value;
  /** The values of the template's variables, in their order, percent-decoded. */
  readonly variables: readonly string[];
}

/**
 * Matches paths against path templates. If several templates match, the most specific one wins, whatever their order:
 *
 * - Segments are compared from the left. A literal is more specific than `*`, and `*` is more specific than `**`.
 * - A template with a custom verb is more specific than one without. Of two verbs, the one with more colons is more
 *   specific: `:a:b` goes before `:b`.
 * - Between equals, the earlier template wins.
 *
 * `*` matches one segment that is not empty. `**` matches any number of segments, including none and empty ones.
 * Neither matches the dot segments `.` and `..`, unless they are percent-encoded: then they are data. The path is split
 * before it is decoded, so an encoded slash never separates segments. A template has at most one `**`, so matching
 * needs no backtracking.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/http.proto (Path template syntax)
 */
export class PathMatcher<Value> {
  readonly #templates: readonly Template<Value>[];

  /** @throws TypeError if a template has more than one `**` */
  constructor(entries: readonly TemplateEntry<Value>[]) {
    this.#templates = entries
      .map((entry) => new Template(entry))
      .sort((a, b) => (a.specificity < b.specificity ? -1 : a.specificity > b.specificity ? 1 : 0));
  }

  /**
   * Returns the most specific template that matches and whose value `accept` accepts. `accept` is called in the order
   * of specificity. Returns `undefined` if there is none, or if an escape in the path is malformed.
   */
  match(path: string, accept: (value: Value) => boolean): TemplateMatch<Value> | undefined {
    const split = splitPath(path);
    if (split === undefined) return undefined;
    for (const template of this.#templates) {
      const variables = template.match(split);
      if (variables !== undefined && accept(template.value)) return { value: template.value, variables };
    }
    return undefined;
  }
}

interface SplitPath {
  /** The segments as they were sent. */
  readonly raw: readonly string[];
  /** The segments, percent-decoded. */
  readonly decoded: readonly string[];
}

function splitPath(path: string): SplitPath | undefined {
  if (path.charCodeAt(0) !== 0x2f) return undefined;
  const raw = path.slice(1).split("/");
  if (raw.includes("..") || raw.includes(".")) return undefined;
  if (!path.includes("%")) return { raw, decoded: raw };
  const decoded: string[] = [];
  for (const segment of raw) {
    const text = percentDecode(segment);
    if (text === undefined) return undefined;
    decoded.push(text);
  }
  return { raw, decoded };
}

class Template<Value> {
  readonly value: Value;
  /** A sort key: the more specific template comes first. */
  readonly specificity: string;
  readonly #segments: readonly Segment[];
  readonly #variables: readonly PathVariable[];
  readonly #verb: string | undefined;
  /** The index of `**`, or `-1` if there is none. */
  readonly #deep: number;

  constructor({ binding, value }: TemplateEntry<Value>) {
    const { segments = binding.template.slice(1).split("/"), variables = [], verb } = binding;
    const deep = segments.findIndex(isDeep);
    if (deep !== segments.findLastIndex(isDeep)) {
      throw new TypeError(`path template ${binding.template}: only one ** may be in it`);
    }
    this.value = value;
    this.#segments = segments;
    this.#variables = variables;
    this.#verb = verb;
    this.#deep = deep;
    this.specificity = specificityOf(segments, deep, verb);
  }

  /** Returns the values of the variables, or `undefined` if the path does not match. */
  match(path: SplitPath): readonly string[] | undefined {
    const bare = this.#verb === undefined ? path : withoutVerb(path, this.#verb);
    return bare !== undefined && this.#matches(bare.decoded) ? this.#values(bare) : undefined;
  }

  #matches(path: readonly string[]): boolean {
    const segments = this.#segments;
    if (this.#deep === -1 ? path.length !== segments.length : path.length < segments.length - 1) return false;
    for (let i = 0; i < segments.length; i++) {
      if (i === this.#deep) continue;
      const segment = segments[i];
      const text = path[this.#pathIndex(i, path.length)] ?? "";
      if (typeof segment === "string" ? text !== segment : text === "") return false;
    }
    return true;
  }

  #values({ raw, decoded }: SplitPath): readonly string[] | undefined {
    const values: string[] = [];
    for (const { start, end } of this.#variables) {
      const from = this.#pathIndex(start, raw.length);
      const value =
        end - start === 1 && start !== this.#deep
          ? decoded[from]
          : percentDecodeAllButSlash(raw.slice(from, this.#pathIndex(end, raw.length)).join("/"));
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  }

  /** Returns where a template's segment is in a path. Segments after `**` are counted from the end. */
  #pathIndex(index: number, pathLength: number): number {
    return this.#deep === -1 || index <= this.#deep ? index : index + pathLength - this.#segments.length;
  }
}

/**
 * Removes the custom verb from a path. Returns `undefined` if the path does not end with the verb. The colon of the
 * verb must not be percent-encoded.
 */
function withoutVerb({ raw, decoded }: SplitPath, verb: string): SplitPath | undefined {
  const last = raw.at(-1) ?? "";
  let colon = last.length;
  for (let colons = verb.split(":").length; colons > 0; colons--) {
    colon = colon === 0 ? -1 : last.lastIndexOf(":", colon - 1);
    if (colon === -1) return undefined;
  }
  if (percentDecode(last.slice(colon + 1)) !== verb) return undefined;
  const bare = last.slice(0, colon);
  return { raw: raw.with(-1, bare), decoded: decoded.with(-1, percentDecode(bare) ?? bare) };
}

function isDeep(segment: Segment): boolean {
  return typeof segment !== "string" && segment.wildcard === "**";
}

/**
 * Returns a key that sorts templates by precedence: first the segments before `**` from the left, then those after it
 * from the right.
 */
function specificityOf(segments: readonly Segment[], deep: number, verb: string | undefined): string {
  const rank = (segment: Segment): string => (typeof segment === "string" ? "1" : "2");
  const head = segments.slice(0, deep === -1 ? segments.length : deep).map(rank);
  const tail =
    deep === -1
      ? ["0"]
      : [
          "3",
          ...segments
            .slice(deep + 1)
            .map(rank)
            .reverse(),
          "4",
        ];
  // Verbs with more colons come first: each part adds a character that sorts before the one of templates without a
  // verb.
  const verbRank = `${"0".repeat(verb?.split(":").length ?? 0)}1`;
  return [verbRank, ...head, ...tail].join("");
}
