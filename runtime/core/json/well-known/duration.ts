import { type MessageCodec, messageCodec } from "../codec.js";
import { fractionNanos, fractionText, readSecondsAndNanos, SecondsAndNanos } from "./seconds-and-nanos.js";

/** About 10,000 years, in seconds. */
const MOST = 315_576_000_000;

/**
 * Transcodes `google.protobuf.Duration`. In JSON it is a string: a number of seconds followed by `s`.
 *
 * @see https://protobuf.dev/reference/protobuf/google.protobuf/#duration
 */
export const DurationCodec: MessageCodec = messageCodec({
  name: "google.protobuf.Duration",
  fields: SecondsAndNanos,
  toJson(t) {
    const { seconds, nanos, tag } = readSecondsAndNanos(t);
    const isValid = Math.abs(seconds) <= MOST && Math.abs(nanos) < 1e9 && seconds * nanos >= 0;
    if (!isValid) t.fail("Duration out of range");
    const sign = seconds < 0 || nanos < 0 ? "-" : "";
    t.json(`"${sign}${Math.abs(seconds)}${fractionText(Math.abs(nanos))}s"`);
    return tag;
  },
  form: {
    kind: "duration",
    read(reader) {
      reader.expectString("a duration as a string");
      const [, sign, seconds, fraction = ""] = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(reader.contentText()) ?? [];
      const whole = Number(seconds);
      if (seconds === undefined || whole > MOST) {
        return reader.failToken("invalid Duration", `expected seconds like "1.5s", at most ${MOST}`);
      }
      const direction = sign === "-" ? -1 : 1;
      reader.writeInt64(SecondsAndNanos.seconds, whole * direction);
      return reader.writeInt64(SecondsAndNanos.nanos, fractionNanos(fraction) * direction);
    },
  },
});
