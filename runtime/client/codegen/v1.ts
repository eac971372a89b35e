/*
 * The exports that generated clients import: version 1 of the contract between the generator and the runtime. Exports
 * may be added, but not changed or removed.
 */

export { byBody } from "../call/by-body.js";
export { byRule } from "../call/by-rule.js";
export type { BidiCall, ClientStreamCall, ServerStreamCall, UnaryCall } from "../call/call-types.js";
export { bidi, clientStream, serverStream, unary } from "../call/calls.js";
export type { AnyJson, WithAnyJson } from "../call/messages.js";
export type { Channel } from "../channel/channel.js";
export { type Fields, named, oneof, optional } from "../json/fields.js";
export { HttpBody } from "../json/http-body.js";
export type { JsonObject, JsonValue } from "../json/json-value.js";
export { Duration, FieldMask, Json, JsonOrNull, Timestamp } from "../json/well-known-json.js";
