import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import type { MessageCodec } from "../../json/codec.js";
import type { Field } from "../../json/field.js";
import type { JsonReadOptions } from "../../json/read/message-reader.js";
import { BYTES_PARAMETER } from "../requested-bytes.js";
import { type QueryParameter, queryParameters } from "./query-string.js";
import type { UrlMessage, UrlTarget } from "./url-message.js";
import { textFormOf } from "./url-text.js";

/**
 * The query parameters of a request as fields of its message: `name`, `author.name`, `labels[key]` for an entry of a map,
 * in proto or JSON names. A parameter that names no field, save `bytes`, which is the gateway's own, or one that is bound to the path or the body, is passed over;
 * strict reading refuses it.
 */
export class QueryFields {
  readonly #codec: MessageCodec;
  readonly #bound: readonly (readonly Field[])[];
  readonly #strict: boolean;

  /** @param bound what is not for the query: the paths of fields, everything in them included */
  constructor(codec: MessageCodec, bound: readonly (readonly Field[])[], options: JsonReadOptions) {
    this.#codec = codec;
    this.#bound = bound;
    this.#strict = options.unknownFields === "refuse";
  }

  /**
   * Adds the parameters in a request target to a message.
   *
   * @throws GatewayError `INVALID_ARGUMENT` if the query cannot be read, or a parameter cannot be put into its field
   */
  addTo(message: UrlMessage, target: string): void {
    for (const parameter of queryParameters(target)) {
      const source = `query parameter ${JSON.stringify(parameter.name.slice(0, 128))}`;
      const place = this.#resolve(parameter, source);
      if (place !== undefined) message.add(place, { text: parameter.value, source });
    }
  }

  /** Where a parameter goes; `undefined`: nowhere. */
  #resolve({ name }: QueryParameter, source: string): UrlTarget | undefined {
    const bracket = name.indexOf("[");
    const names = (bracket === -1 ? name : name.slice(0, bracket)).split(".");
    const path: Field[] = [];
    let within: MessageCodec | undefined = this.#codec;
    for (const each of names) {
      const last = path.at(-1);
      if (within === undefined) throw unusable(source, `${last?.name} is ${kindOf(last)}, and has no fields here`);
      const bytes = Buffer.from(each);
      const field = within.names.find(bytes, 0, bytes.length);
      if (field === undefined && name === BYTES_PARAMETER) return undefined;
      if (field === undefined) return this.#passOver(source, `${within.name} has no field ${JSON.stringify(each)}`);
      path.push(field);
      if (this.#isBound(path)) return this.#passOver(source, "the field is bound to the path or the body");
      within = field.type === "message" && field.cardinality === "singular" ? field.message : undefined;
    }
    const field = path.at(-1);
    if (field === undefined) return undefined;
    const key = bracket === -1 ? undefined : name.slice(bracket);
    return field.cardinality === "map" ? entryOf(field, path, key, source) : singleOf(field, path, key, source);
  }

  #isBound(path: readonly Field[]): boolean {
    return this.#bound.some((bound) => bound.length === path.length && bound.every((field, i) => field === path[i]));
  }

  #passOver(source: string, why: string): undefined {
    if (this.#strict) throw unusable(source, why);
  }
}

function entryOf(field: Field, path: readonly Field[], key: string | undefined, source: string): UrlTarget {
  const value = field.entry?.value;
  if (value === undefined || textFormOf(value) === undefined) {
    throw unusable(source, `the values of the map ${field.name} are messages, which no parameter can hold`);
  }
  if (key === undefined || !key.endsWith("]")) {
    throw unusable(source, `${field.name} is a map: write ${field.name}[KEY]=VALUE`);
  }
  return { path, key: key.slice(1, -1) };
}

function singleOf(field: Field, path: readonly Field[], key: string | undefined, source: string): UrlTarget {
  if (key !== undefined) {
    const advice = field.cardinality === "repeated" ? `: repeat ${field.name}=VALUE` : "";
    throw unusable(source, `${field.name} is no map, and takes no key${advice}`);
  }
  if (textFormOf(field) === undefined) {
    const advice = field.cardinality === "singular" ? `: set its fields, as in ${field.name}.NAME=VALUE` : "";
    throw unusable(source, `${field.name} is ${kindOf(field)}, which no parameter can hold${advice}`);
  }
  return { path };
}

function kindOf(field: Field | undefined): string {
  if (field?.cardinality === "map") return "a map";
  if (field?.cardinality === "repeated") return field.type === "message" ? "a repeated message" : "repeated";
  return field?.type === "message" ? "a message" : "a single value";
}

function unusable(source: string, problem: string): GatewayError {
  return new GatewayError(Status.INVALID_ARGUMENT, `${source}: ${problem}`);
}
