import assert from "node:assert/strict";
import type { OutgoingHttpHeaders } from "node:http";
import { describe, it } from "node:test";
import type { Service } from "../../../runtime/core/call/rpc.js";
import { messageCodec } from "../../../runtime/core/json/codec.js";
import { field } from "../../../runtime/core/json/field.js";
import { jsonToWire } from "../../../runtime/core/json/read/json-to-wire.js";
import { send } from "../../http/requests.js";
import { noteRpc } from "../http/notes.js";
import { serveNotes } from "../http/serve-notes.js";

const pageCount = field(1, "page_count", "int32");
const bookTitle = field(2, "book_title", "bytes");
const book = messageCodec({
  name: "test.Book",
  fields: { page_count: pageCount, book_title: bookTitle },
  toJson(t) {
    let tag = t.next();
    if (tag === pageCount.tag) tag = t.int32(pageCount);
    if (tag === bookTitle.tag) tag = t.bytes(bookTitle);
    return tag;
  },
});
const WIRE = jsonToWire(book, Buffer.from('{"book_title":"YQ=="}'));

const service: Service = {
  name: "test.Books",
  rpcs: Object.fromEntries(
    [
      ["get", false, {}],
      ["list", true, {}],
      ["title", false, { responseBody: "book_title" }],
    ].map(([name, streams, more]) => [
      String(name),
      {
        ...noteRpc(String(name), false, streams === true, [
          { method: "POST", template: `/v1/${String(name)}`, body: "*", ...Object(more) },
        ]),
        response: book,
      },
    ]),
  ),
};

describe("the JSON that Accept asks for", () => {
  const cases: readonly (readonly [accept: string, expected: string])[] = [
    ["application/json", '{"book_title":"YQ=="}'],
    ["application/json; names=json", '{"bookTitle":"YQ=="}'],
    ["application/json;names=proto", '{"book_title":"YQ=="}'],
    ["application/json; defaults=write", '{"page_count":0,"book_title":"YQ=="}'],
    ['text/html, application/json; q=0.9; Names="json"; defaults=WRITE, */*', '{"pageCount":0,"bookTitle":"YQ=="}'],
    ["*/*; names=json; bytes=text", '{"bookTitle":"a"}'],
    ["application/json; names=camel; defaults=", '{"book_title":"YQ=="}'],
  ];

  for (const [accept, expected] of cases) {
    it(accept, async (t) => {
      const { port, transport } = await serveNotes(t, { services: [service] });
      for (let times = 0; times < 2; times++) {
        const sent = send(port, "/v1/get", "{}", { headers: { Accept: accept } });
        (await transport.nextUnary()).respond(WIRE);
        assert.equal((await sent).body, expected);
      }
    });
  }

  it("is told to caches, which may keep responses to GET", async (t) => {
    const bound: Service = {
      ...service,
      rpcs: {
        get: { ...noteRpc("Get", false, false, [{ method: "GET", template: "/v1/get" }]), response: book },
        put: { ...noteRpc("Put", false, false, [{ method: "POST", template: "/v1/put", body: "*" }]), response: book },
      },
    };
    const { port, transport } = await serveNotes(t, { services: [bound], browsers: { cors: ["http://a.example"] } });
    const vary = async (method: string, path: string, headers: OutgoingHttpHeaders): Promise<string | undefined> => {
      const sent = send(port, path, method === "GET" ? "" : "{}", { method, headers });
      (await transport.nextUnary()).respond(WIRE);
      return (await sent).headers.vary;
    };
    assert.equal(await vary("GET", "/v1/get", { Accept: "application/json; names=json" }), "Origin, Accept");
    assert.equal(await vary("GET", "/v1/get", {}), "Origin, Accept");
    assert.equal(await vary("POST", "/v1/put", { Accept: "*/*; defaults=write" }), "Origin, Accept");
    assert.equal(await vary("POST", "/v1/put", { Accept: "*/*" }), "Origin");
  });

  it("is that of streams in every framing, too", async (t) => {
    const { port, transport } = await serveNotes(t, { services: [service] });
    const framings = [
      ["application/x-ndjson; names=json", '{"bookTitle":"YQ=="}\n'],
      ["application/json; names=json", '{"result":{"bookTitle":"YQ=="}}\n'],
      [
        "text/event-stream; names=json",
        'retry: 1000\n\ndata: {"bookTitle":"YQ=="}\n\nid: end\nevent: end\ndata: {}\n\n',
      ],
    ] as const;
    for (const [accept, expected] of framings) {
      const sent = send(port, "/v1/list", "{}", { headers: { Accept: accept } });
      const stream = await transport.nextStream();
      stream.respond(WIRE);
      stream.finish();
      assert.equal((await sent).body, expected);
    }
  });

  it("does not change a response that is one field, or how requests are read", async (t) => {
    const { port, transport } = await serveNotes(t, { services: [service] });
    const sent = send(port, "/v1/title", '{"text":"x"}', { headers: { Accept: "*/*; names=json; defaults=write" } });
    const call = await transport.nextUnary();
    assert.ok(call.request.length > 0);
    call.respond(WIRE);
    assert.equal((await sent).body, '"YQ=="');
  });
});
