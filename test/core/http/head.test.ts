import assert from "node:assert/strict";
import { test } from "node:test";
import { send } from "../../http/requests.js";
import { note, noteRpc } from "./notes.js";
import { serveNotes } from "./serve-notes.js";

const services = [
  {
    name: "test.Heads",
    rpcs: {
      get: noteRpc("Get", false, false, [{ method: "GET", template: "/one" }]),
      list: noteRpc("List", false, true, [{ method: "GET", template: "/many" }]),
    },
  },
];

test("HEAD gets the response of GET, without the body", async (t) => {
  const { transport, port } = await serveNotes(t, { services });
  const sent = send(port, "/one?text=a", "", { method: "HEAD" });
  const call = await transport.nextUnary();
  assert.deepEqual(call.request, note({ text: "a" }));
  call.respond(note({ text: "b" }));
  const { status, headers, body } = await sent;
  assert.deepEqual([status, headers["content-length"], body], [200, "12", ""]);
});

test("HEAD of a stream ends with its first message, and so does the call", async (t) => {
  const { transport, port } = await serveNotes(t, { services });
  const sent = send(port, "/many", "", { method: "HEAD" });
  const call = await transport.nextStream();
  call.respond(note({ text: "b" }));
  const { status, body } = await sent;
  assert.deepEqual([status, body], [200, ""]);
  await call.canceled;
});

test("a path with GET allows HEAD", async (t) => {
  const { port } = await serveNotes(t, { services });
  const { status, headers } = await send(port, "/one", "");
  assert.deepEqual([status, headers.allow], [405, "GET, HEAD"]);
});
