/** One media range of an `Accept` header. */
interface MediaRange {
  /** For example `text/event-stream` or `text/*`, in lower case. */
  readonly range: string;
  readonly quality: number;
}

/** How strongly a media type is preferred. Compared from left to right; higher values win. */
type Rank = readonly [quality: number, precision: number, earliness: number];

/**
 * Returns the offered media type that an `Accept` header prefers, or `undefined` if none is acceptable. The order is:
 *
 * - the type with the highest quality
 * - a type that is named before a type that matches a wildcard
 * - the type that is named first
 * - the type that is offered first
 *
 * Parameters other than `q` do not matter.
 *
 * @param offers media types in lower case, without parameters
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
 */
export function preferredType<Type extends string>(accept: string, offers: readonly Type[]): Type | undefined {
  const ranges = accept.split(",").map(mediaRange);
  let best: { readonly offer: Type; readonly rank: Rank } | undefined;
  for (const offer of offers) {
    const rank = rankOf(offer, ranges);
    if (rank !== undefined && (best === undefined || isAbove(rank, best.rank))) best = { offer, rank };
  }
  return best?.offer;
}

function mediaRange(element: string): MediaRange {
  const [range = "", ...parameters] = element.split(";").map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith("q="));
  return { range, quality: weight === undefined ? 1 : qualityOf(weight.slice(2)) };
}

/** Reads a weight. A malformed one counts as 0. */
function qualityOf(text: string): number {
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}

/**
 * Returns the rank of a type by the most precise range that matches it, or `undefined` if the type is not acceptable.
 */
function rankOf(type: string, ranges: readonly MediaRange[]): Rank | undefined {
  const candidates = [type, `${type.slice(0, type.indexOf("/"))}/*`, "*/*"];
  for (const [i, candidate] of candidates.entries()) {
    const index = ranges.findIndex(({ range }) => range === candidate);
    const found = ranges[index];
    if (found !== undefined) return found.quality === 0 ? undefined : [found.quality, -i, -index];
  }
  return undefined;
}

function isAbove(a: Rank, b: Rank): boolean {
  return (a[0] - b[0] || a[1] - b[1] || a[2] - b[2]) > 0;
}
