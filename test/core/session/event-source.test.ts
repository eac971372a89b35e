import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service } from "../../../runtime/core/call/rpc.js";
import { messageCodec } from "../../../runtime/core/json/codec.js";
import { open, response, send } from "../../http/requests.js";
import { note, noteRpc } from "../http/notes.js";
import { serveNotes } from "../http/serve-notes.js";
import { EventReader } from "./event-reader.js";

const GET = { method: "GET", headers: { accept: "text/event-stream" } };

const httpBody = messageCodec({ name: "google.api.HttpBody", fields: {}, toJson: (t) => t.next() });

/** Streams under paths of other kinds than those of notes. */
const feeds: Service = {
  name: "test.Feeds",
  rpcs: {
    follow: noteRpc("Follow", false, true, [
      {
        method: "POST",
        template: "/v1/feeds/{text}:follow",
        segments: ["v1", "feeds", { wildcard: "*" }],
        variables: [{ field: ["text"], start: 2, end: 3 }],
        verb: "follow",
        body: "*",
      },
    ]),
    read: noteRpc("Read", false, true, [{ method: "GET", template: "/v1/feeds" }]),
    push: noteRpc("Push", true, false, [{ method: "POST", template: "/v1/feeds/push", body: "*" }]),
    download: {
      ...noteRpc("Download", false, true, [{ method: "POST", template: "/v1/feeds/download", body: "*" }]),
      response: httpBody,
    },
  },
};

for (const path of ["/v1/notes/list", "/v1/notes/chat"]) {
  test(`EventSource gets ${path}: one request, from the query`, async (t) => {
    const { transport, port } = await serveNotes(t, { streams: { eventSource: true } });
    const req = open(port, `${path}?text=a%20b&size=9007199254740993`, GET).end();
    const call = await transport.nextStream();
    assert.deepEqual(await call.nextRequest(), note({ text: "a b", size: "9007199254740993" }));
    assert.equal(await call.nextRequest(), undefined, "no more requests follow");
    call.respond(note({ text: "1" }));
    const res = await response(req);
    assert.equal(res.statusCode, 200);
    assert.equal(res.headers["content-type"], "text/event-stream");
    const events = new EventReader(res);
    assert.equal((await events.next())?.data, '{"text":"1"}');
    call.respond(note({ text: "2" }));
    assert.equal((await events.next())?.data, '{"text":"2"}');
    call.finish();
    assert.equal((await events.next())?.type, "end");
  });
}

test("only who accepts server-sent events gets a stream by GET", async (t) => {
  const { transport, port } = await serveNotes(t, { streams: { eventSource: true } });
  for (const accept of [undefined, "*/*", "text/html", "application/x-ndjson", "text/event-stream;q=0"]) {
    const headers = accept === undefined ? {} : { accept };
    const { status, headers: answered } = await send(port, "/v1/notes/list", "", { method: "GET", headers });
    assert.equal(status, 405, accept);
    assert.equal(answered.allow, "POST");
  }
  const uninvited = { ...GET.headers, "sec-fetch-mode": "no-cors", "sec-fetch-site": "cross-site" };
  assert.equal((await send(port, "/v1/notes/list", "", { method: "GET", headers: uninvited })).status, 405);
  assert.equal((await send(port, "/v1/notes/list", "", { ...GET, method: "PUT" })).status, 405);
  for (const path of ["/v1/notes/get", "/v1/notes/gather"]) assert.equal((await send(port, path, "", GET)).status, 405);
  assert.equal(transport.waiting, 0);
});

test("HEAD tells what GET would get, and leaves no call", async (t) => {
  const { transport, port } = await serveNotes(t, { streams: { eventSource: true } });
  const sent = send(port, "/v1/notes/list", "", { ...GET, method: "HEAD" });
  const call = await transport.nextStream();
  call.respond(note({ text: "1" }));
  const { status, headers, body } = await sent;
  assert.deepEqual([status, headers["content-type"], body], [200, "text/event-stream", ""]);
  await call.canceled;
});

test("without the option there is none", async (t) => {
  const { port } = await serveNotes(t);
  assert.equal((await send(port, "/v1/notes/list", "", GET)).status, 405);
});

test("paths with variables, aliases and other methods", async (t) => {
  const { transport, port } = await serveNotes(t, {
    services: [feeds],
    streams: { eventSource: true },
    aliases: { "/v0": "/v1" },
  });
  for (const path of ["/v1/feeds/news:follow?size=1", "/v0/feeds/news:follow?size=1"]) {
    const sent = send(port, path, "", GET);
    const call = await transport.nextStream();
    assert.equal(call.path, "/test.Notes/Follow");
    assert.deepEqual(await call.nextRequest(), note({ text: "news", size: 1 }));
    call.finish();
    assert.equal((await sent).status, 200);
  }
  const own = send(port, "/v1/feeds?text=x", "", { method: "GET" });
  (await transport.nextStream()).finish();
  assert.equal((await own).headers["content-type"], "application/json", "a GET of the API's own needs no Accept");
  assert.equal((await send(port, "/v1/feeds/push", "", GET)).status, 405);
  assert.equal((await send(port, "/v1/feeds/download", "", GET)).status, 405, "bytes are no events");
});

test("a query that cannot be read is rejected by a status, at which EventSource gives up", async (t) => {
  const { transport, port } = await serveNotes(t, { streams: { eventSource: true } });
  for (const query of ["size=x", "text=a&text=b", "text=%zz"]) {
    const { status, body } = await send(port, `/v1/notes/list?${query}`, "", GET);
    assert.equal(status, 400);
    assert.equal(JSON.parse(body).code, 3);
  }
  assert.equal(transport.waiting, 0);
});

test("bytes of any type stay as they are, whatever the client accepts", async (t) => {
  const { transport, port } = await serveNotes(t, { services: [feeds] });
  const sent = send(port, "/v1/feeds/download", "{}", { headers: { accept: "text/event-stream" } });
  const call = await transport.nextStream();
  call.respond(Buffer.from([10, 3, 97, 47, 98, 18, 2, 104, 105]));
  call.finish();
  const { headers, body } = await sent;
  assert.equal(headers["content-type"], "a/b");
  assert.equal(body, "hi");
});
