import { type MessageCodec, messageCodec } from "../codec.js";
import { fractionNanos, fractionText, readSecondsAndNanos, SecondsAndNanos } from "./seconds-and-nanos.js";

/** 0001-01-01T00:00:00Z, in seconds of Unix time. */
const LEAST = -62_135_596_800;
/** 9999-12-31T23:59:59Z. */
const MOST = 253_402_300_799;

const RFC_3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;

/**
 * Transcodes `google.protobuf.Timestamp`. In JSON it is a string: an RFC 3339 time, written in UTC.
 *
 * @see https://protobuf.dev/reference/protobuf/google.protobuf/#timestamp
 */
export const TimestampCodec: MessageCodec = messageCodec({
  name: "google.protobuf.Timestamp",
  fields: SecondsAndNanos,
  toJson(t) {
    const { seconds, nanos, tag } = readSecondsAndNanos(t);
    if (!isTimestamp(seconds, nanos)) t.fail("Timestamp out of range");
    t.json(`"${new Date(seconds * 1000).toISOString().slice(0, -".000Z".length)}${fractionText(nanos)}Z"`);
    return tag;
  },
  form: {
    kind: "time",
    read(reader) {
      reader.expectString("a time by RFC 3339, as a string");
      const parsed = parseTimestamp(reader.contentText());
      if (parsed === undefined)
        return reader.failToken("invalid Timestamp", "expected a time like 2006-01-02T15:04:05Z");
      reader.writeInt64(SecondsAndNanos.seconds, parsed.seconds);
      return reader.writeInt64(SecondsAndNanos.nanos, parsed.nanos);
    },
  },
});

function isTimestamp(seconds: number, nanos: number): boolean {
  return seconds >= LEAST && seconds <= MOST && nanos >= 0 && nanos < 1e9;
}

function parseTimestamp(text: string): { readonly seconds: number; readonly nanos: number } | undefined {
  const [, local, fraction = "", sign, hours = "0", minutes = "0"] = RFC_3339.exec(text) ?? [];
  if (local === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const time = Date.parse(`${local}Z`);
  // `Date.parse` reads 30 February as 1 March, and 24:00 as the next day.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(local)) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60 * (sign === "-" ? -1 : 1);
  const seconds = time / 1000 - offset;
  const nanos = fractionNanos(fraction);
  return isTimestamp(seconds, nanos) ? { seconds, nanos } : undefined;
}
