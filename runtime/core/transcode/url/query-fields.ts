import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import type { MessageCodec } from "../../json/codec.js";
import type { Field } from "../../json/field.js";
import type { JsonReadOptions } from "../../json/read/json-read-options.js";
import { BYTES_PARAMETER } from "../requested-json.js";
import { queryParameters } from "./query-string.js";
import type { UrlMessage, UrlTarget } from "./url-message.js";
import { textFormOf } from "./url-text.js";

const DOT = 0x2e;
const BRACKET = 0x5b;

/**
 * Converts the query parameters of a request to fields of its message: `name`, `author.name`, or `labels[key]` for a
 * map entry, with proto or JSON names. These parameters are skipped:
 *
 * - `bytes`, the gateway's own parameter, unless the message has a field of that name
 * - a parameter that names no field; strict reading rejects it
 * - a parameter whose field is bound to the path or the body; strict reading rejects it
 */
export class QueryFields {
  readonly #codec: MessageCodec;
  readonly #bound: readonly (readonly Field[])[];
  readonly #strict: boolean;

  /** @param bound the paths of fields that are not for the query, including everything in them */
  constructor(codec: MessageCodec, bound: readonly (readonly Field[])[], options: JsonReadOptions) {
    this.#codec = codec;
    this.#bound = bound;
    this.#strict = options.unknownFields === "reject";
  }

  /**
   * Adds the parameters of a request target to a message.
   *
   * @throws GatewayError `INVALID_ARGUMENT` if the query cannot be read, or a parameter cannot be put into its field
   */
  addTo(message: UrlMessage, target: string): void {
    for (const { name, value } of queryParameters(target)) {
      const source = `query parameter ${JSON.stringify(name.slice(0, 128))}`;
      const field = this.#resolve(Buffer.from(name), source);
      if (field !== undefined) message.add(field, { text: value, source });
    }
  }

  /** Returns the target of a parameter; `undefined` to skip it. */
  #resolve(name: Buffer, source: string): UrlTarget | undefined {
    const path: Field[] = [];
    let within = this.#codec;
    for (let start = 0; ; ) {
      const found = fieldAt(within, name, start);
      if (found === undefined) {
        if (path.length === 0 && name.toString() === BYTES_PARAMETER) return undefined;
        const part = name.toString("utf8", start).split(/[.[]/, 1)[0];
        return this.#passOver(source, `${within.name} has no field ${JSON.stringify(part)}`);
      }
      const { field, end } = found;
      path.push(field);
      if (this.#isBound(path)) return this.#passOver(source, "the field is bound to the path or the body");
      if (name[end] !== DOT) return targetOf(field, path, name.toString("utf8", end), source);
      if (field.type !== "message" || field.cardinality !== "singular") {
        throw unusable(source, `${field.name} is ${kindOf(field)}, and has no fields here`);
      }
      within = field.message;
      start = end + 1;
    }
  }

  #isBound(path: readonly Field[]): boolean {
    return this.#bound.some((bound) => bound.length === path.length && bound.every((field, i) => field === path[i]));
  }

  #passOver(source: string, why: string): undefined {
    if (this.#strict) throw unusable(source, why);
  }
}

/**
 * Finds the field whose name begins at `start` and ends at a dot, a bracket or the end of the parameter's name. The
 * longest match wins, because JSON names may contain dots and brackets themselves.
 */
function fieldAt(
  { names }: MessageCodec,
  name: Buffer,
  start: number,
): { readonly field: Field; readonly end: number } | undefined {
  for (let end = Math.min(name.length, start + names.longest); end > start; end--) {
    if (end < name.length && name[end] !== DOT && name[end] !== BRACKET) continue;
    const field = names.find(name, start, end);
    if (field !== undefined) return { field, end };
  }
  return undefined;
}

/** @param key the text after the field's name, including brackets; `""` for none */
function targetOf(field: Field, path: readonly Field[], key: string, source: string): UrlTarget {
  return field.cardinality === "map" ? entryOf(field, path, key, source) : singleOf(field, path, key, source);
}

function entryOf(field: Field, path: readonly Field[], key: string, source: string): UrlTarget {
  const value = field.entry?.value;
  if (value === undefined || textFormOf(value) === undefined) {
    throw unusable(source, `the values of the map ${field.name} are messages, and a parameter cannot hold a message`);
  }
  if (!key.endsWith("]")) {
    throw unusable(source, `${field.name} is a map: write ${field.name}[KEY]=VALUE`);
  }
  return { path, key: key.slice(1, -1) };
}

function singleOf(field: Field, path: readonly Field[], key: string, source: string): UrlTarget {
  if (key !== "") {
    const advice = field.cardinality === "repeated" ? `: repeat ${field.name}=VALUE` : "";
    throw unusable(source, `${field.name} is not a map, and has no keys${advice}`);
  }
  if (textFormOf(field) === undefined) {
    const advice = field.cardinality === "singular" ? `: set its fields, as in ${field.name}.NAME=VALUE` : "";
    throw unusable(source, `${field.name} is ${kindOf(field)}, and a parameter cannot hold it${advice}`);
  }
  return { path };
}

function kindOf(field: Field): string {
  if (field.cardinality === "map") return "a map";
  if (field.cardinality === "repeated") return field.type === "message" ? "a repeated message" : "repeated";
  return field.type === "message" ? "a message" : "a single value";
}

function unusable(source: string, problem: string): GatewayError {
  return new GatewayError(Status.INVALID_ARGUMENT, `${source}: ${problem}`);
}
