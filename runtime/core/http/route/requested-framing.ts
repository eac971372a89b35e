import { serverSentEvents } from "../../session/server-sent-events.js";
import { ndjson, resultLines, type StreamFraming } from "../../session/stream-framing.js";
import { preferredType } from "./accept.js";

/** The framings that clients can choose by their media type. The first is used if a client does not choose one. */
export const FRAMINGS: readonly [StreamFraming, ...StreamFraming[]] = [resultLines, ndjson, serverSentEvents];

const [DEFAULT, ...OTHERS] = FRAMINGS;

const BY_TYPE: ReadonlyMap<string, StreamFraming> = new Map(FRAMINGS.map((framing) => [framing.contentType, framing]));

const TYPES: readonly string[] = [...BY_TYPE.keys()];

/** A header without any of these subtypes asks for the default. */
const OTHER_SUBTYPES = new RegExp(OTHERS.map(({ contentType }) => contentType.split("/")[1]).join("|"), "i");

/** Returns the framing that a request's `Accept` header asks for: result lines, unless it prefers another one. */
export function requestedFraming(accept: string | undefined): StreamFraming {
  if (accept === undefined || !OTHER_SUBTYPES.test(accept)) return DEFAULT;
  return BY_TYPE.get(preferredType(accept, TYPES) ?? "") ?? DEFAULT;
}
