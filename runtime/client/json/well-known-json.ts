import { at, expected, FieldError } from "./field-error.js";
import type { WellKnown } from "./fields.js";
import type { JsonValue } from "./json-value.js";
import { writeNumber } from "./scalars.js";
import { DEEPEST } from "./write.js";

/*
 * The messages of google.protobuf that have a JSON form of their own, with the values that ts-proto uses for them. A
 * wrapper is `optional` with the wrapped type, and Empty is a message without fields.
 *
 * @see https://protobuf.dev/programming-guides/json/
 */

interface Moment {
  readonly seconds: bigint;
  readonly nanos: number;
}

const NANOS = 1_000_000_000;
/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
const FIRST_SECOND = -62_135_596_800n;
const LAST_SECOND = 253_402_300_799n;
/** About 10,000 years. */
const LONGEST = 315_576_000_000n;

/** `google.protobuf.Timestamp`: `{ seconds, nanos }`. */
export const Timestamp: WellKnown = {
  write(value) {
    const { seconds, nanos } = momentOf(value);
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0)
      throw expected("a time from the year 1 to 9999", seconds);
    return `"${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${fraction(nanos)}Z"`;
  },
  read(json) {
    const [, time, digits = "", zone] = matched(
      /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/,
      json,
    );
    const milliseconds = Date.parse(`${time}${zone}`);
    if (Number.isNaN(milliseconds)) throw expected("a time", json);
    return { seconds: BigInt(milliseconds / 1000), nanos: Number(digits.padEnd(9, "0")) };
  },
};

/** `google.protobuf.Duration`: `{ seconds, nanos }`, both with the same sign. */
export const Duration: WellKnown = {
  write(value) {
    const { seconds, nanos } = momentOf(value);
    const isMixed = (seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0);
    if (isMixed || seconds > LONGEST || seconds < -LONGEST)
      throw expected("a duration of at most 10,000 years, of one sign", seconds);
    const sign = seconds < 0n || nanos < 0 ? "-" : "";
    return `"${sign}${seconds < 0n ? -seconds : seconds}${fraction(Math.abs(nanos))}s"`;
  },
  read(json) {
    const [, sign, seconds = "", digits = ""] = matched(/^(-?)(\d+)(?:\.(\d{1,9}))?s$/, json);
    const nanos = Number(digits.padEnd(9, "0"));
    return sign === "-" ? { seconds: -BigInt(seconds), nanos: 0 - nanos } : { seconds: BigInt(seconds), nanos };
  },
};

/** `google.protobuf.FieldMask`: a list of paths with proto names. */
export const FieldMask: WellKnown = {
  write(value) {
    if (!Array.isArray(value)) throw expected("a list of paths", value);
    return JSON.stringify(value.map(maskPath).join(","));
  },
  read(json) {
    if (typeof json !== "string") throw expected("a string", json);
    return json === ""
      ? []
      : json.split(",").map((path) => path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  },
};

/** `google.protobuf.Struct`, `ListValue` and `Any`: plain JSON. */
export const Json: WellKnown = { write: (value) => writeJson(value), read: (json) => json };

/** `google.protobuf.Value`: plain JSON, including `null`. */
export const JsonOrNull: WellKnown = { ...Json, nullable: true };

function momentOf(value: unknown): Moment {
  if (typeof value !== "object" || value === null) throw expected("{ seconds, nanos }", value);
  const seconds = "seconds" in value ? (value.seconds ?? 0n) : 0n;
  const nanos = "nanos" in value ? (value.nanos ?? 0) : 0;
  if (typeof seconds !== "bigint") throw expected("seconds as a bigint", seconds);
  if (typeof nanos !== "number" || !Number.isInteger(nanos) || Math.abs(nanos) >= NANOS) {
    throw expected("nanos of less than a second", nanos);
  }
  return { seconds, nanos };
}

/** Returns the fraction of a second: 0, 3, 6 or 9 digits. */
function fraction(nanos: number): string {
  if (nanos === 0) return "";
  return `.${String(nanos)
    .padStart(9, "0")
    .replace(/(000){1,2}$/, "")}`;
}

function matched(pattern: RegExp, json: JsonValue): RegExpExecArray {
  const match = typeof json === "string" ? pattern.exec(json) : null;
  if (match === null) throw expected("a time or duration as a string", json);
  return match;
}

function maskPath(path: unknown): string {
  // Only these paths stay the same when they are converted to lowerCamelCase and back.
  if (typeof path !== "string" || !/^[^A-Z,]*$/.test(path) || /_(?![a-z])/.test(path)) {
    throw expected("a path of proto names", path);
  }
  return path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function writeJson(value: unknown, depth = 0): string {
  if (depth > DEEPEST) throw new FieldError(`JSON is nested more than ${DEEPEST} levels deep`);
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" && Number.isFinite(value)) return writeNumber(value);
  if (Array.isArray(value))
    return `[${value.map((each, i) => at(`[${i}]`, () => writeJson(each, depth + 1))).join(",")}]`;
  if (typeof value === "object" && !(value instanceof Uint8Array)) {
    const members = Object.entries(value).filter(([, each]) => each !== undefined);
    return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${at(name, () => writeJson(each, depth + 1))}`).join(",")}}`;
  }
  throw expected("JSON", value);
}
