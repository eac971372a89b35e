/*
 * What generated code imports, and nothing else does. The version in the name lets code that an older generator made go
 * on working: what is here stays as it is, and a new form gets an entry of its own.
 */

export type { Binding, Rpc, Service, ServiceOf } from "../call/rpc.js";
export type { MessageCodec } from "../json/codec.js";
