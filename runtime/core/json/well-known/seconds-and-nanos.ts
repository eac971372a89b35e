import { type Field, field } from "../field.js";
import type { MessageWriter } from "../write/message-writer.js";

/** The fields of `Timestamp` and of `Duration`. */
export const SecondsAndNanos: Readonly<Record<"seconds" | "nanos", Field>> = {
  seconds: field(1, "seconds", "int64"),
  nanos: field(2, "nanos", "int32"),
};

/** The wire values of a time or a duration, and the tag after them. */
export interface SecondsAndNanosRead {
  readonly seconds: number;
  readonly nanos: number;
  readonly tag: number;
}

/** Reads the fields of a time or a duration. Missing fields are 0. */
export function readSecondsAndNanos(t: MessageWriter): SecondsAndNanosRead {
  const { seconds: first, nanos: second } = SecondsAndNanos;
  let seconds = 0;
  let nanos = 0;
  let tag = t.next();
  if (tag === first.tag) {
    seconds = t.readInt64();
    tag = t.next();
  }
  if (tag === second.tag) {
    nanos = t.readInt32();
    tag = t.next();
  }
  return { seconds, nanos, tag };
}

/** Returns nanoseconds as the fraction of a second: nothing, or a point and three, six or nine digits. */
export function fractionText(nanos: number): string {
  if (nanos === 0) return "";
  const digits = String(nanos).padStart(9, "0");
  const length = digits.endsWith("000000") ? 3 : digits.endsWith("000") ? 6 : 9;
  return `.${digits.slice(0, length)}`;
}

/** Returns the nanoseconds of up to nine digits after the decimal point. */
export function fractionNanos(digits: string): number {
  return Number(digits.padEnd(9, "0"));
}
