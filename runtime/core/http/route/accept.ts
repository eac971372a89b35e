/** One media range of an `Accept` header. */
interface MediaRange {
  /** As in `text/event-stream`, or with wildcards; in lower case. */
  readonly range: string;
  readonly quality: number;
}

/** What speaks for a media type, the most important first: more is better. */
type Rank = readonly [quality: number, precision: number, earliness: number];

/**
 * The media type that an `Accept` header prefers among those on offer: the one of the highest quality; between equals one
 * that is named over one that a wildcard takes, then the one named first, then the one offered first. Parameters other
 * than `q` do not matter. `undefined`: none is acceptable.
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

/** A weight that cannot be read counts for nothing. */
function qualityOf(text: string): number {
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}

/** The rank that the most precise range gives a type. `undefined`: it is not acceptable. */
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
