/*
 * What generated code imports: version 1 of the contract between the generator and the runtime. It only grows.
 */

export type { Binding, Method, Rpc, Segment, Service, ServiceOf } from "../call/rpc.js";
export type { MessageCodec } from "../json/codec.js";
export { messageCodec } from "../json/codec.js";
export { type EnumTable, enumTable } from "../json/enum.js";
export { field, map, repeated } from "../json/field.js";
