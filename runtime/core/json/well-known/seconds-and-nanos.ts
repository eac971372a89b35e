import { type Field, field } from "../field.js";
import type { MessageWriter } from "../write/message-writer.js";

/** The fields of a time and of a duration alike. */
export const SecondsAndNanos: Readonly<Record<"seconds" | "nanos", Field>> = {
  seconds: field(1, "seconds", "int64"),
  nanos: field(2, "nanos", "int32"),
};

/** What a time or a duration has on the wire, and the tag behind it. */
export interface SecondsAndNanosRead {
  readonly seconds: number;
  readonly nanos: number;
  readonly tag: number;
}

/** Reads the fields of a time or a duration; those that are not there are 0. */
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

/** The nanoseconds of a time as the fraction of a second: nothing, or a point and three, six or nine digits. */
export function fractionText(nanos: number): string {
  if (nanos === 0) return "";
  const digits = String(nanos).padStart(9, "0");
  const length = digits.endsWith("000000") ? 3 : digits.endsWith("000") ? 6 : 9;
  return `.${digits.slice(0, length)}`;
}

/** Nanoseconds from up to nine digits behind the point. */
export function fractionNanos(digits: string): number {
  return Number(digits.padEnd(9, "0"));
}
