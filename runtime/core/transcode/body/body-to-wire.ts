import type { MessageCodec } from "../../json/codec.js";
import type { Field } from "../../json/field.js";
import type { JsonReadOptions } from "../../json/read/json-read-options.js";
import { jsonToWire } from "../../json/read/json-to-wire.js";
import { MessageReader } from "../../json/read/message-reader.js";
import { WireWriter } from "../../json/wire/wire-writer.js";
import type { RequestHead } from "../request-head.js";
import type { Route } from "../route.js";
import { isHttpBody, writeHttpBody } from "./http-body.js";
import { writeSubmessage } from "./submessage.js";

/** Converts the body of an HTTP request to its part of the request message's wire bytes. */
export type BodyToWire = (body: Buffer, head: RequestHead) => Buffer;

/** Room for the bytes around a body, in bytes: tags, lengths and a content type. */
const ENVELOPE = 128;

const EMPTY = Buffer.alloc(0);

/** The part of the request message that a binding's `body` names. */
export interface BodyRule {
  /** The field that the body sets; `undefined` if it is the whole message. */
  readonly field: Field | undefined;
  /** Whether the body is the raw bytes of a `google.api.HttpBody`, not JSON. */
  readonly raw: boolean;
}

/**
 * Returns the body rule of a route; `undefined` if its requests have no body.
 *
 * @throws TypeError if there is no such field, or the field cannot be the body of a stream
 */
export function bodyRuleOf({ rpc, binding }: Route): BodyRule | undefined {
  const { body } = binding;
  if (body === undefined) return undefined;
  if (body === "*") return { field: undefined, raw: isHttpBody(rpc.request) };
  const field = rpc.request.fields.find(({ name }) => name === body);
  const where = `${rpc.name}: the body of ${binding.method} ${binding.template}`;
  if (field === undefined)
    throw new TypeError(`${where}: ${rpc.request.name} has no field ${body}: name one of its fields`);
  const raw = field.type === "message" && field.cardinality === "singular" && isHttpBody(field.message);
  if (rpc.method.requestStream && !raw) {
    throw new TypeError(`${where}: each message of a stream is one value of the body: use body "*"`);
  }
  return { field, raw };
}

/** Creates the function that reads the bodies of a binding. A blank body counts as an absent one. */
export function bodyToWire(codec: MessageCodec, { field, raw }: BodyRule, options: JsonReadOptions): BodyToWire {
  if (raw) return (body, { req }) => rawToWire(field, body, req.headers["content-type"]);
  if (field === undefined) return (body) => (isBlank(body) ? EMPTY : jsonToWire(codec, body, options));
  return (body) => (isBlank(body) ? EMPTY : fieldJsonToWire(field, body, options));
}

function rawToWire(field: Field | undefined, body: Buffer, contentType: string | undefined): Buffer {
  if (body.length === 0 && contentType === undefined) return EMPTY;
  const out = new WireWriter(body.length + (contentType?.length ?? 0) + ENVELOPE);
  const write = (): void => writeHttpBody(out, contentType ?? "", body);
  if (field === undefined) write();
  else writeSubmessage(out, field, write);
  return out.finish();
}

function fieldJsonToWire(field: Field, body: Buffer, options: JsonReadOptions): Buffer {
  const reader = new MessageReader(body, options);
  reader.fieldValue(field);
  if (options.trailingData !== "ignore") reader.finish();
  return reader.wire();
}

/** Whether a body is empty or contains only JSON white space. */
function isBlank(body: Buffer): boolean {
  return body.every((byte) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
}
