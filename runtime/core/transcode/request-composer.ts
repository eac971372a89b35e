import type { Field } from "../json/field.js";
import type { JsonReadOptions } from "../json/read/json-read-options.js";
import { canonicalWire } from "../json/wire/canonical-wire.js";
import { WireWriter } from "../json/wire/wire-writer.js";
import { bodyMask } from "./body/body-mask.js";
import { type BodyRule, type BodyToWire, bodyToWire } from "./body/body-to-wire.js";
import { isFieldMask, writeFieldMask } from "./body/request-mask.js";
import { writeSubmessage } from "./body/submessage.js";
import type { RequestHead } from "./request-head.js";
import type { Route } from "./route.js";
import { type FieldPath, withoutFields } from "./url/bound-fields.js";
import { PathVariables } from "./url/path-variables.js";
import { QueryFields } from "./url/query-fields.js";
import { UrlMessage } from "./url/url-message.js";

const EMPTY = Buffer.alloc(0);

/** Room for the fields from a typical URL, in bytes. */
const URL_ROOM = 64;

/** The field mask to fill from the body, and the field that the body sets. */
interface UpdateMask {
  readonly field: Field;
  readonly body: Field;
}

/**
 * Composes the request messages of a binding that needs more than a whole body: one part of the wire bytes comes from
 * the body, one from the URL.
 *
 * - A field bound to the path gets the value from the path, even if the body has one too.
 * - A field bound neither to the path nor to the body gets the value from the query, unless the body is the whole
 *   message.
 * - If the client of a PATCH omits the field mask, it is filled from the body.
 */
export class RequestComposer {
  readonly #codec: Route["rpc"]["request"];
  readonly #options: JsonReadOptions;
  /** The URL is always read by the rules of v2, whichever rules the body's JSON follows. */
  readonly #urlOptions: JsonReadOptions;
  readonly #variables: PathVariables;
  readonly #query: QueryFields | undefined;
  readonly #rule: BodyRule | undefined;
  readonly #readBody: BodyToWire;
  /** The fields that are bound to the path and could also be in the body. */
  readonly #stripped: readonly FieldPath[];
  /**
   * Whether a message, or a oneof, may be set by both the body and the URL. The pieces are then merged here, because
   * not every server merges them.
   */
  readonly #merges: boolean;
  readonly #mask: UpdateMask | undefined;

  /** @throws TypeError if the binding does not fit the message */
  constructor(route: Route, rule: BodyRule | undefined, options: JsonReadOptions) {
    const codec = route.rpc.request;
    this.#codec = codec;
    this.#options = options;
    this.#urlOptions = { ...options, mapping: "v2" };
    this.#variables = new PathVariables(route);
    this.#rule = rule;
    this.#readBody = rule === undefined ? () => EMPTY : bodyToWire(codec, rule, options);
    const { paths } = this.#variables;
    const bound = rule?.field === undefined ? paths : [...paths, [rule.field]];
    const wholeBody = rule !== undefined && rule.field === undefined;
    this.#query = wholeBody ? undefined : new QueryFields(codec, bound, options);
    this.#stripped = wholeBody ? paths : paths.filter(([field]) => field === rule?.field);
    this.#merges = this.#stripped.some((path) => path.length > 1 || path.some(({ oneof }) => oneof !== undefined));
    this.#mask = maskOf(route, rule);
  }

  /**
   * Returns the request message's wire bytes.
   *
   * @throws JsonError, GatewayError `INVALID_ARGUMENT` if the body or the URL does not fit the message
   */
  wire(body: Buffer, head: RequestHead): Buffer {
    const url = new UrlMessage(this.#urlOptions);
    this.#variables.addTo(url, head.variables);
    const fromBody = withoutFields(this.#codec, this.#readBody(body, head), this.#stripped);
    if (fromBody.length > 0 && this.#rule?.field !== undefined) url.claim(this.#rule.field, "the body");
    this.#query?.addTo(url, head.req.url ?? "");

    const out = new WireWriter(fromBody.length + URL_ROOM);
    out.append(fromBody, 0, fromBody.length);
    url.write(out);
    if (fromBody.length > 0) this.#fillMask(out, url, body);
    const wire = out.finish();
    return this.#merges && fromBody.length > 0 ? canonicalWire(this.#codec, wire, this.#options.types) : wire;
  }

  #fillMask(out: WireWriter, url: UrlMessage, body: Buffer): void {
    const mask = this.#mask;
    if (mask === undefined || url.has(mask.field)) return;
    const paths = bodyMask(mask.body.message, body, this.#options.maxDepth);
    if (paths.length > 0) writeSubmessage(out, mask.field, () => writeFieldMask(out, paths));
  }
}

/** Returns the field mask of an update: the field `update_mask`, or else the only field mask of the request. */
function maskOf({ rpc, binding }: Route, rule: BodyRule | undefined): UpdateMask | undefined {
  const body = rule?.field;
  if (binding.method !== "PATCH" || body === undefined || rule?.raw === true) return undefined;
  if (body.type !== "message" || body.cardinality !== "singular" || body.message.form !== undefined) return undefined;
  const masks = rpc.request.fields.filter((field) => field.cardinality === "singular" && isFieldMask(field));
  const field = masks.find(({ name }) => name === "update_mask") ?? (masks.length === 1 ? masks[0] : undefined);
  return field && { field, body };
}
