import { fromBase64, textOrBytes, toBase64, utf8 } from "./bytes.js";
import { expected } from "./field-error.js";
import type { MapKey, Scalar } from "./fields.js";
import type { JsonValue } from "./json-value.js";

const RANGES = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const;

/**
 * Returns the JSON text of a scalar value.
 *
 * @throws FieldError if the value does not fit the type
 */
export function writeScalar(type: Scalar, value: unknown): string {
  switch (type) {
    case "int64":
    case "uint64": {
      const [least, most] = RANGES[type];
      if (typeof value !== "bigint") throw expected("a bigint", value);
      if (value < least || value > most) throw expected(`an ${type}`, value);
      return `"${value}"`;
    }
    case "int32":
    case "uint32": {
      const [least, most] = RANGES[type];
      if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
        throw expected(`an ${type}`, value);
      }
      return String(value);
    }
    case "double":
    case "float":
      if (typeof value !== "number") throw expected("a number", value);
      return writeNumber(type === "float" ? Math.fround(value) : value);
    case "bool":
      if (typeof value !== "boolean") throw expected("a boolean", value);
      return String(value);
    case "string":
      if (typeof value !== "string") throw expected("a string", value);
      utf8(value);
      return JSON.stringify(value);
    case "bytes":
      return `"${toBase64(value)}"`;
    case "null":
      return "null";
  }
}

/** Returns the JSON text of a floating-point number, including negative zero, infinities and NaN. */
export function writeNumber(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}

/**
 * Reads a scalar value from JSON. Digits are never lost.
 *
 * @param text whether bytes that are valid UTF-8 become strings
 * @throws FieldError if the value does not fit the type, or a JSON number cannot hold it exactly
 */
export function readScalar(type: Scalar, json: JsonValue, text: boolean): unknown {
  switch (type) {
    case "int64":
    case "uint64": {
      // Servers write strings. JSON.parse may already have rounded a number beyond the safe integers.
      const isExact = typeof json === "string" ? /^-?\d+$/.test(json) : Number.isSafeInteger(json);
      if (!isExact || (typeof json !== "string" && typeof json !== "number")) {
        throw expected(`an ${type} as a string`, json);
      }
      return BigInt(json);
    }
    case "int32":
    case "uint32":
    case "double":
    case "float": {
      const value = typeof json === "string" && json !== "" ? Number(json) : json;
      const isInteger = type === "int32" || type === "uint32";
      const isText = json === "NaN" || typeof value !== "number" || !Number.isNaN(value);
      if (typeof value !== "number" || !isText || (isInteger && !Number.isInteger(value))) {
        throw expected(isInteger ? `an ${type}` : "a number", json);
      }
      return type === "float" ? Math.fround(value) : value;
    }
    case "bool":
      if (typeof json !== "boolean") throw expected("a boolean", json);
      return json;
    case "string":
      if (typeof json !== "string") throw expected("a string", json);
      return json;
    case "bytes": {
      if (typeof json !== "string") throw expected("base64", json);
      const bytes = fromBase64(json);
      return text ? textOrBytes(bytes) : bytes;
    }
    case "null":
      return 0;
  }
}

/** Returns the value of an absent field without presence. */
export function defaultOf(type: Scalar, text: boolean): unknown {
  switch (type) {
    case "int64":
    case "uint64":
      return 0n;
    case "bool":
      return false;
    case "string":
      return "";
    case "bytes":
      return text ? "" : new Uint8Array(0);
    default:
      return 0;
  }
}

/** Converts the key of a map entry from JSON to TypeScript. */
export function readKey(type: MapKey, key: string): unknown {
  if (type === "int64" || type === "uint64") return readScalar(type, key, false);
  return type === "bool" ? key === "true" : key;
}

/** Whether ts-proto represents maps with this key type as a `Map` instead of an object. */
export function isKeyedByValue(type: MapKey): boolean {
  return type === "int64" || type === "uint64" || type === "bool";
}
