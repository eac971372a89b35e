import assert from "node:assert/strict";
import type { RequestHandler } from "express";
import { bookstore, Format, services } from "../../../examples/bookstore/generated/index.js";
import { note, noteRpc } from "../../core/http/notes.js";
import { serveNotes } from "../../core/http/serve-notes.js";
import { send } from "../../http/requests.js";
import type { Rows } from "./rows.js";
import { compiled, routesOf } from "./small-api.js";

/** Rows about HTTP rules and requests. */
export const RULES: Rows = {
  "`additional_bindings`, `custom`, `:verb`, `{name=shelves/*}`": async () => {
    const rule =
      'get: "/v1/{page_size=a/*}:look" additional_bindings { custom: { kind: "TRACE" path: "/v2" } } ' +
      'additional_bindings { post: "/v3/**" body: "*" }';
    assert.deepEqual(routesOf(await compiled("", rule)), [
      ...["S.R0 GET /v1/{page_size=a/*}:look", "S.R0 TRACE /v2", "S.R0 POST /v3/**"],
    ]);
  },
  '`body: "field"`, fields in the path': async (t) => {
    const { port, transport } = await serveNotes(t, { services });
    const sent = send(port, "/v1/shelves/a/books?book_id=b", '{"title":"c"}');
    const call = await transport.nextUnary();
    const request = bookstore.rpcs.createBook.method.requestDeserialize(call.request);
    assert.deepEqual([request.parent, request.book_id, request.book?.title], ["shelves/a", "b", "c"]);
    call.respond(Buffer.alloc(0));
    assert.equal((await sent).status, 200);
  },
  "`response_body`": async (t) => {
    const rpc = noteRpc("Get", false, false, [{ method: "GET", template: "/v1", responseBody: "text" }]);
    const { port, transport } = await serveNotes(t, { services: [{ name: "test.Notes", rpcs: { get: rpc } }] });
    const sent = send(port, "/v1", "", { method: "GET" });
    (await transport.nextUnary()).respond(note({ text: "a" }));
    assert.equal((await sent).body, '"a"');
  },
  "query parameters: nested, repeated, enums": async (t) => {
    const { port, transport } = await serveNotes(t, { services });
    const path = "/v1/shelves/a/books?page_size=3&formats=PAPERBACK&formats=1&pageToken=x";
    const sent = send(port, path, "", { method: "GET" });
    const call = await transport.nextUnary();
    assert.deepEqual(bookstore.rpcs.listBooks.method.requestDeserialize(call.request), {
      parent: "shelves/a",
      page_size: 3,
      page_token: "x",
      formats: [Format.PAPERBACK, Format.HARDCOVER],
    });
    call.respond(Buffer.alloc(0));
    assert.equal((await sent).status, 200);
  },
  "`SetQueryParameterParser`": async (t) => {
    const before: readonly RequestHandler[] = [
      (req, _res, next) => {
        req.url = req.url.replace("filter[shelf]=", "force=");
        next();
      },
    ];
    const { port, transport } = await serveNotes(t, { services }, { before });
    const sent = send(port, "/v1/shelves/a?filter[shelf]=true", "", { method: "DELETE" });
    const call = await transport.nextUnary();
    assert.equal(bookstore.rpcs.deleteShelf.method.requestDeserialize(call.request).force, true);
    call.respond(Buffer.alloc(0));
    assert.equal((await sent).status, 200);
  },
  "`WithUnescapingMode`": async (t) => {
    const { port, transport } = await serveNotes(t, { services });
    const sent = send(port, "/v1/shelves/a%2Fb%20c/books/d", "", { method: "GET" });
    const call = await transport.nextUnary();
    assert.equal(bookstore.rpcs.getBook.method.requestDeserialize(call.request).name, "shelves/a%2Fb c/books/d");
    call.respond(Buffer.alloc(0));
    assert.equal((await sent).status, 200);
  },
  "`allow_patch_feature=true`": async (t) => {
    const { port, transport } = await serveNotes(t, { services });
    const sent = send(port, "/v1/shelves/a/books/b", '{"title":"c"}', { method: "PATCH" });
    const call = await transport.nextUnary();
    const { update_mask } = bookstore.rpcs.updateBook.method.requestDeserialize(call.request);
    assert.deepEqual(update_mask, ["title"]);
    call.respond(Buffer.alloc(0));
    assert.equal((await sent).status, 200);
  },
  "`google.api.HttpBody`": async (t) => {
    const { port, transport } = await serveNotes(t, { services });
    const sent = send(port, "/v1/shelves/a/books/b/cover", "", { method: "GET" });
    const call = await transport.nextUnary();
    const image = { content_type: "image/png", data: Buffer.from("x"), extensions: [] };
    call.respond(bookstore.rpcs.downloadCover.method.responseSerialize(image));
    const { headers, body } = await sent;
    assert.deepEqual([headers["content-type"], body], ["image/png", "x"]);
  },
  "client streams: one JSON value after the other": async (t) => {
    const { port, transport } = await serveNotes(t);
    const sent = send(port, "/v1/notes/chat", '{"text":"a"}\n{"text":"b"}');
    const call = await transport.nextStream();
    assert.deepEqual(await call.nextRequest(), note({ text: "a" }));
    assert.deepEqual(await call.nextRequest(), note({ text: "b" }));
    call.finish();
    assert.equal((await sent).status, 200);
  },
  "`X-HTTP-Method-Override`, forms instead of a query": async (t) => {
    const { port } = await serveNotes(t, { services });
    const headers = { "X-HTTP-Method-Override": "GET", "Content-Type": "application/x-www-form-urlencoded" };
    const { status, headers: got } = await send(port, "/v1/shelves/a", "force=true", { headers });
    assert.deepEqual([status, got.allow], [405, "DELETE, GET, HEAD"]);
  },
};
