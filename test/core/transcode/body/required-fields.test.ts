import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Binding } from "../../../../runtime/core/call/rpc.js";
import { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../../runtime/core/errors/status.js";
import { wireToJson } from "../../../../runtime/core/json/write/wire-to-json.js";
import { RequestTranscoder } from "../../../../runtime/core/transcode/request-transcoder.js";
import { noteRpc } from "../../http/notes.js";
import { type GeneratedCodecs, generateCodecs } from "../../json/generated-codecs.js";

const PROTO2 = `syntax = "proto2"; package old; import "new.proto"; import "google/protobuf/any.proto";
  message Name { required string first = 1; optional string last = 2; }
  message Book {
    required string title = 1;
    required Name author = 2;
    repeated Name readers = 3;
    map<string, Name> by_shelf = 4;
    optional Book next = 5;
    required group Cover = 6 { required int32 color = 1; }
    oneof kind { Name person = 7; string other = 8; }
    optional neu.Plain plain = 9;
    optional google.protobuf.Any any = 10;
  }
  message Request { optional Book book = 1; optional string shelf = 2; required Name owner = 3; }
  message Free { optional string a = 1; }`;

const EDITIONS = `edition = "2023"; package neu;
  message Plain { string id = 1 [features.field_presence = LEGACY_REQUIRED]; int32 size = 2 [features.field_presence = LEGACY_REQUIRED]; }`;

const WHOLE: Binding = { method: "POST", template: "/v1", body: "*" };
const IN_PARTS: Binding = {
  method: "PUT",
  template: "/v1/{owner.first}",
  segments: ["v1", { wildcard: "*" }],
  variables: [{ field: ["owner", "first"], start: 1, end: 2 }],
  body: "book",
};

const COMPLETE = { title: "", author: { first: "a" }, cover: { color: 0 } };

describe("required fields", () => {
  let codecs: GeneratedCodecs;
  before(async () => {
    codecs = await generateCodecs({ "old.proto": PROTO2, "new.proto": EDITIONS });
  });

  /** What becomes of a request: the message as JSON, or the text of the error. */
  function ask(message: string, binding: Binding, body: unknown, url = "/v1", variables: string[] = []): unknown {
    const request = codecs.codec(message);
    const rpc = { ...noteRpc("Get", false, false, [binding]), request };
    const transcoder = new RequestTranscoder({ rpc, binding }, { types: codecs.types });
    try {
      const text = body === undefined ? "" : JSON.stringify(body);
      const wire = transcoder.wire(Buffer.from(text), { variables, req: { url, headers: {} } });
      return JSON.parse(wireToJson(request, Buffer.from(wire), "", "", { types: codecs.types }).toString());
    } catch (error) {
      assert(error instanceof GatewayError, String(error));
      assert.equal(error.code, Status.INVALID_ARGUMENT);
      return error.message;
    }
  }

  const missing = (path: string): string => `${path}: a required field is missing`;

  it("may have their defaults, but not be left out", () => {
    assert.deepEqual(ask("old.Book", WHOLE, COMPLETE), COMPLETE);
    for (const name of ["title", "author", "cover"]) {
      assert.equal(ask("old.Book", WHOLE, { ...COMPLETE, [name]: undefined }), missing(name));
      assert.equal(ask("old.Book", WHOLE, { ...COMPLETE, [name]: null }), missing(name));
    }
    assert.equal(ask("old.Book", WHOLE, undefined), missing("title"));
  });

  it("of messages in a message are named by their paths", () => {
    const ask1 = (more: object): unknown => ask("old.Book", WHOLE, { ...COMPLETE, ...more });
    assert.equal(ask1({ author: { last: "b" } }), missing("author.first"));
    assert.equal(ask1({ cover: {} }), missing("cover.color"));
    assert.equal(ask1({ readers: [{ first: "a" }, {}] }), missing("readers[1].first"));
    assert.equal(ask1({ by_shelf: { x: { first: "a" }, y: { last: "b" } } }), missing("by_shelf[1].first"));
    assert.equal(ask1({ next: { ...COMPLETE, next: { title: "c" } } }), missing("next.next.author"));
    assert.equal(ask1({ person: {} }), missing("person.first"));
    assert.equal(ask1({ other: "x" }) instanceof Object, true);
  });

  it("of editions are the same", () => {
    assert.equal(ask("neu.Plain", WHOLE, { id: "x" }), missing("size"));
    assert.deepEqual(ask("neu.Plain", WHOLE, { id: "", size: 0 }), { id: "", size: 0 });
    assert.equal(ask("old.Book", WHOLE, { ...COMPLETE, plain: { size: 1 } }), missing("plain.id"));
  });

  it("of a message in an Any are the server's to look for", () => {
    const any = { "@type": "type.googleapis.com/neu.Plain" };
    assert.deepEqual(ask("old.Book", WHOLE, { ...COMPLETE, any }), { ...COMPLETE, any });
  });

  it("may come from the path, the query and the body", () => {
    const shelf = "/v1/a?shelf=s&owner.last=b";
    const owner = { first: "a", last: "b" };
    assert.deepEqual(ask("old.Request", IN_PARTS, COMPLETE, shelf, ["a"]), { book: COMPLETE, shelf: "s", owner });
    assert.deepEqual(ask("old.Request", IN_PARTS, undefined, shelf, ["a"]), { shelf: "s", owner });
    assert.equal(ask("old.Request", IN_PARTS, { title: "x" }, shelf, ["a"]), missing("book.author"));
    const query: Binding = { method: "GET", template: "/v1" };
    assert.equal(ask("old.Request", query, undefined, "/v1?shelf=s"), missing("owner"));
    assert.equal(ask("old.Request", query, undefined, "/v1?owner.last=b"), missing("owner.first"));
    assert.deepEqual(ask("old.Request", query, undefined, "/v1?owner.first="), { owner: { first: "" } });
  });

  it("are not asked for where there are none", () => {
    assert.deepEqual(ask("old.Free", WHOLE, undefined), {});
  });
});
