import type { Binding, Method, Rpc, Service } from "../../../runtime/core/call/rpc.js";
import { type MessageCodec, messageCodec } from "../../../runtime/core/json/codec.js";
import { field } from "../../../runtime/core/json/field.js";
import { jsonToWire } from "../../../runtime/core/json/read/json-to-wire.js";

const text = field(1, "text", "string");
const size = field(2, "size", "int64");

/** The codec of `message Note { string text = 1; int64 size = 2; }`. */
export const noteCodec: MessageCodec = messageCodec({
  name: "test.Note",
  fields: { text, size },
  toJson(t) {
    let tag = t.next();
    if (tag === text.tag) tag = t.string(text);
    if (tag === size.tag) tag = t.int64(size);
    return tag;
  },
});

/** Encodes a note as wire bytes. */
export function note(value: { readonly text?: string; readonly size?: number | string }): Buffer {
  return jsonToWire(noteCodec, Buffer.from(JSON.stringify(value)));
}

/** Makes an RPC with notes as requests and responses. */
export function noteRpc(
  name: string,
  requestStream: boolean,
  responseStream: boolean,
  bindings: readonly Binding[],
): Rpc {
  const method: Method = {
    path: `/test.Notes/${name}`,
    requestStream,
    responseStream,
    requestSerialize: unused,
    requestDeserialize: unused,
    responseSerialize: unused,
    responseDeserialize: unused,
  };
  return { name: `test.Notes.${name}`, method, request: noteCodec, response: noteCodec, bindings };
}

function unused(): never {
  throw new Error("the gateway makes no message objects");
}

function post(template: string): readonly Binding[] {
  return [{ method: "POST", template, body: "*" }];
}

/** A service with an RPC of each kind of call. */
export const notes: Service = {
  name: "test.Notes",
  rpcs: {
    get: noteRpc("Get", false, false, post("/v1/notes/get")),
    list: noteRpc("List", false, true, post("/v1/notes/list")),
    gather: noteRpc("Gather", true, false, post("/v1/notes/gather")),
    chat: noteRpc("Chat", true, true, post("/v1/notes/chat")),
  },
};
