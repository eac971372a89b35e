import assert from "node:assert/strict";
import { once } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import type { RequestHandler } from "express";
import type { Service } from "../../../../runtime/core/call/rpc.js";
import type { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import type { GatewayOptions } from "../../../../runtime/core/gateway/gateway-options.js";
import { messageCodec } from "../../../../runtime/core/json/codec.js";
import { repeated } from "../../../../runtime/core/json/field.js";
import { wireToJson } from "../../../../runtime/core/json/write/wire-to-json.js";
import { open, response, send } from "../../../http/requests.js";
import type { FakeUnary } from "../fake-transport.js";
import { noteCodec, noteRpc } from "../notes.js";
import { HOSTS, type Mount, type Served, serveNotes } from "../serve-notes.js";

const notes = repeated(1, "notes", () => noteCodec);

/** `message Notes { repeated Note notes = 1; }` */
const notesCodec = messageCodec({
  name: "test.Notes",
  fields: { notes },
  toJson(t) {
    const tag = t.next();
    return tag === notes.tag ? t.list(tag, notes) : tag;
  },
});

const library: Service = {
  name: "test.Library",
  rpcs: {
    all: {
      ...noteRpc("All", false, false, [
        { method: "POST", template: "/v1/all", body: "*" },
        { method: "HEAD", template: "/v1/all" },
        { method: "POST", template: "/v1/all/notes", body: "*", responseBody: "notes" },
      ]),
      response: notesCodec,
    },
  },
};

function serve(t: TestContext, options: Partial<GatewayOptions> = {}, mount: Mount = {}): Promise<Served> {
  return serveNotes(t, { services: [library], ...options }, mount);
}

/** The wire of many notes of 100 bytes each, tags and lengths included. */
function library100(mebibytes: number): Buffer {
  return Buffer.alloc(mebibytes * 1_048_600, `\x0a\x62\x0a\x60${"text".repeat(24)}`);
}

const wire = library100(8);
const text = wireToJson(notesCodec, wire).toString();

for (const host of HOSTS) {
  test(`a large response, in ${host}`, async (t) => {
    const { transport, port } = await serve(t, {}, { host });
    const sent = send(port, "/v1/all", "{}");
    (await transport.nextUnary()).respond(wire, [["content-type", "application/grpc"]]);
    const { status, headers, body } = await sent;
    assert.equal(status, 200);
    assert.ok(body === text, "another text");
    assert.equal(headers["transfer-encoding"], "chunked");
    assert.equal(headers["content-type"], "application/json");
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["grpc-metadata-content-type"], "application/grpc");
  });
}

test("what is not large has its length", async (t) => {
  const { transport, port } = await serve(t);
  const sent = send(port, "/v1/all", "{}");
  (await transport.nextUnary()).respond(wire.subarray(0, 1_000_000));
  const { headers, body } = await sent;
  assert.equal(headers["content-length"], String(body.length));
});

test("clients that need a length get it: of HTTP/1.0, and for HEAD", async (t) => {
  const { transport, port } = await serve(t);
  for (const line of ["POST /v1/all HTTP/1.0", "HEAD /v1/all HTTP/1.1"]) {
    const socket = connect(port, "127.0.0.1");
    socket.write(`${line}\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    (await transport.nextUnary()).respond(wire);
    const all = (await read(socket)).toString();
    assert.match(all, new RegExp(`^HTTP/1.1 200 OK\r\n(.*\r\n)*Content-Length: ${text.length}\r\n`), line);
    assert.equal(all.slice(all.indexOf("\r\n\r\n") + 4).length, line.startsWith("HEAD") ? 0 : text.length);
  }
});

async function read(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test("a part of the message as the body", async (t) => {
  const { transport, port } = await serve(t);
  const sent = send(port, "/v1/all/notes", "{}");
  (await transport.nextUnary()).respond(wire);
  assert.ok((await sent).body === text.slice('{"notes":'.length, -1), "another text");
});

/** Answers a call with a message, and waits for the HTTP response to begin. */
async function responseTo(call: Promise<FakeUnary>, message: Buffer, req: ClientRequest): Promise<IncomingMessage> {
  const responding = response(req);
  (await call).respond(message);
  return responding;
}

test("the gateway serves others meanwhile", async (t) => {
  const { transport, port, server } = await serve(t);
  const connection: Promise<Socket[]> = once(server, "connection");
  const res = await responseTo(transport.nextUnary(), library100(100), open(port, "/v1/all").end("{}"));
  const [socket] = await connection;
  assert.ok(socket);
  res.resume();
  let turns = 0;
  let most = 0;
  // What a turn of the event loop takes is a matter of the machine; how much is written in one is not.
  for (let before = socket.bytesWritten; !res.complete; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, socket.bytesWritten - before);
    before = socket.bytesWritten;
  }
  assert.ok(turns > 300, `in ${turns} turns`);
  assert.ok(most < 1e6, `${most} bytes in one turn`);
});

test("a client that does not read holds the encoder back", async (t) => {
  const { transport, port, server } = await serve(t);
  const connection: Promise<Socket[]> = once(server, "connection");
  const res = await responseTo(transport.nextUnary(), library100(100), open(port, "/v1/all").end("{}"));
  const [socket] = await connection;
  assert.ok(socket);
  res.pause();
  for (let written = -1; written < socket.bytesWritten; ) {
    written = socket.bytesWritten;
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.ok(socket.bytesWritten < 50e6, `${socket.bytesWritten} bytes written`);
  assert.ok(socket.writableLength < 1e6, `${socket.writableLength} bytes wait`);
  let length = 0;
  for await (const chunk of res) length += chunk.length;
  assert.equal(length, (text.length - 11) * (100 / 8) + 11);
});

test("a client that goes away in the middle is not sent the rest, and has taken no place of others", async (t) => {
  const { transport, port, server } = await serve(t, { limits: { maxInFlight: 1 } });
  const connection: Promise<Socket[]> = once(server, "connection");
  const req = open(port, "/v1/all").end("{}");
  const res = await responseTo(transport.nextUnary(), library100(50), req);
  const [socket] = await connection;
  assert.ok(socket);
  await once(res, "data");
  res.pause();
  const sent = send(port, "/v1/all", "{}");
  (await transport.nextUnary()).respond(wire);
  assert.equal((await sent).status, 200);
  const closed = new Promise((resolve) => socket.on("close", resolve));
  req.destroy();
  await closed;
  assert.ok(socket.bytesWritten < 50e6, `${socket.bytesWritten} bytes written`);
});

test("a response that the app ends in the middle ends there", async (t) => {
  let end: (() => void) | undefined;
  const limiting: RequestHandler = (_req, res, next) => {
    end = () => void res.end();
    next();
  };
  const { transport, port } = await serve(t, {}, { before: [limiting] });
  const req = open(port, "/v1/all").end("{}");
  const res = await responseTo(transport.nextUnary(), library100(50), req);
  end?.();
  const chunks: Buffer[] = await res.toArray();
  assert.ok(Buffer.concat(chunks).length < 50_000_000);
});

test("a message that turns out malformed in the middle is cut off, and told to onError", async (t) => {
  const errors: GatewayError[] = [];
  const { transport, port } = await serve(t, { limits: { maxInFlight: 1 }, onError: (error) => errors.push(error) });
  const malformed = Buffer.from("0a020a05", "hex");
  const res = await responseTo(
    transport.nextUnary(),
    Buffer.concat([wire, malformed]),
    open(port, "/v1/all").end("{}"),
  );
  assert.equal(res.statusCode, 200);
  await assert.rejects(
    async () => {
      for await (const chunk of res) assert.ok(chunk.length > 0);
    },
    { code: "ECONNRESET" },
  );
  assert.equal(res.complete, false);
  assert.match(errors.map(String).join(), /notes\[83888\]\.text: length of 5 with only 0 bytes left/);

  const sent = send(port, "/v1/all", "{}");
  (await transport.nextUnary()).respond(Buffer.concat([malformed, wire]));
  assert.equal((await sent).status, 500);
  assert.equal(errors.length, 2);
});

test("middleware that keeps what is written has it unchanged", async (t) => {
  const kept: Buffer[] = [];
  const keep: RequestHandler = (_req, res, next) => {
    const write = res.write.bind(res);
    res.write = (chunk: Buffer, ...rest: []) => {
      kept.push(chunk);
      return write(chunk, ...rest);
    };
    next();
  };
  const { transport, port } = await serve(t, {}, { before: [keep] });
  const sent = send(port, "/v1/all", "{}");
  (await transport.nextUnary()).respond(wire);
  assert.ok((await sent).body === text, "another text");
  assert.ok(Buffer.concat(kept).toString() === text, "another text was kept");
});

test("large responses on one connection come in order", async (t) => {
  const { transport, port } = await serve(t);
  const socket = connect(port, "127.0.0.1");
  const request = "POST /v1/all HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n";
  socket.write(`${request}\r\n${request}\r\n${request}Connection: close\r\n\r\n`);
  const answers = read(socket);
  for (let i = 0; i < 3; i++) (await transport.nextUnary()).respond(wire);
  const bodies = (await answers).toString().split(/HTTP\/1.1 200 OK\r\n(?:.+\r\n)*\r\n/);
  assert.deepEqual(
    bodies.slice(1).map((body) => unchunked(body) === text),
    [true, true, true],
  );
});

function unchunked(body: string): string {
  let result = "";
  for (let at = 0; ; ) {
    const end = body.indexOf("\r\n", at);
    const length = Number.parseInt(body.slice(at, end), 16);
    if (!(length > 0)) return result;
    result += body.slice(end + 2, end + 2 + length);
    at = end + 4 + length;
  }
}
