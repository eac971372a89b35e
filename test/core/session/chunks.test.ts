import assert from "node:assert/strict";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { note } from "../http/notes.js";
import { serveNotes } from "../http/serve-notes.js";

test("each message is an HTTP chunk of its own, as clients of etcd expect, however fast they come", async (t) => {
  const { transport, port } = await serveNotes(t);
  const socket = connect(port, "127.0.0.1");
  socket.write("POST /v1/notes/list HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
  const call = await transport.nextStream();
  for (const word of ["a", "b", "c"]) call.respond(note({ text: word }));
  call.finish();
  const [, body] = (await text(socket)).split("\r\n\r\n", 2);
  const lines = ["a", "b", "c"].map((word) => `{"result":{"text":"${word}"}}\n`);
  const chunks = lines.map((line) => `${line.length.toString(16)}\r\n${line}\r\n`);
  assert.equal(`${body}\r\n\r\n`, `${chunks.join("")}0\r\n\r\n`);
});
