import assert from "node:assert/strict";
import { bookstore, Format, services } from "../../../examples/bookstore/generated/index.js";
import { note } from "../../core/http/notes.js";
import { serveNotes } from "../../core/http/serve-notes.js";
import { send } from "../../http/requests.js";
import type { Rows } from "./rows.js";
import { compiled } from "./small-api.js";

/** Rows about the JSON of messages. */
export const JSON_FORMS: Rows = {
  "`UseProtoNames: true`": async () => {
    assert.doesNotMatch((await compiled("", "")).file("m.codec.ts"), /names: "json"/);
    assert.match((await compiled("json_names=json", "")).file("m.codec.ts"), /names: "json"/);
  },
  "`EmitUnpopulated: true`": async () => {
    assert.match((await compiled("defaults=write", "")).file("m.codec.ts"), /defaults: "write"/);
  },
  "`DiscardUnknown: false`": async () => {
    assert.match((await compiled("unknown_fields=reject", "")).file("m.gateway.ts"), /unknownFields: "reject"/);
  },
  "`WithMarshalerOption` by media type": async (t) => {
    const { port, transport } = await serveNotes(t);
    const headers = { Accept: "application/json; defaults=write" };
    const sent = send(port, "/v1/notes/get", "{}", { headers });
    (await transport.nextUnary()).respond(note({}));
    assert.equal((await sent).body, '{"text":"","size":"0"}');
  },
  "`UseEnumNumbers: true`": async (t) => {
    const { port, transport } = await serveNotes(t, { services });
    const sent = send(port, "/v1/shelves/a/books", '{"format":2}');
    const call = await transport.nextUnary();
    const { book } = bookstore.rpcs.createBook.method.requestDeserialize(call.request);
    assert.equal(book?.format, Format.PAPERBACK);
    call.respond(bookstore.rpcs.createBook.method.responseSerialize(book));
    assert.equal((await sent).body, '{"format":"PAPERBACK"}');
  },
  "`ProtoMarshaller`": async (t) => {
    const { port, transport } = await serveNotes(t);
    const sent = send(port, "/v1/notes/get", "{}", { headers: { Accept: "application/octet-stream" } });
    (await transport.nextUnary()).respond(note({ text: "a" }));
    const { headers, body } = await sent;
    assert.deepEqual([headers["content-type"], body], ["application/json", '{"text":"a"}']);
  },
};
