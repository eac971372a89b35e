import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { GatewayError, type StatusDetail } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import type { GatewayOptions } from "../../../runtime/core/gateway/gateway-options.js";
import { grpcGatewayV1 } from "../../../runtime/core/http/dialect.js";
import { messageCodec } from "../../../runtime/core/json/codec.js";
import { field } from "../../../runtime/core/json/field.js";
import { send } from "../../http/requests.js";
import { serveSockets } from "../websocket/serve-sockets.js";
import { openSocket } from "../websocket/socket.js";
import { note } from "./notes.js";
import { serveNotes } from "./serve-notes.js";

/** A detail with the bytes of a message. */
function detail(type: string, ...bytes: (number | string)[]): StatusDetail {
  const value = Buffer.concat(bytes.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.of(part))));
  return { typeUrl: `type.googleapis.com/${type}`, value };
}

const DETAILS: readonly StatusDetail[] = [
  detail("google.rpc.BadRequest", 10, 17, 10, 4, "name", 18, 9, "too short"),
  detail("google.protobuf.StringValue", 10, 2, "hi"),
  detail("google.protobuf.Duration", 8, 5),
  { ...detail("test.Note"), value: note({ text: "x", size: 7 }) },
  detail("acme.Lost", "hi"),
  // One that ends in the middle.
  detail("google.rpc.RetryInfo", 10, 9, 8),
];

const WRITTEN: readonly object[] = [
  {
    "@type": "type.googleapis.com/google.rpc.BadRequest",
    fieldViolations: [{ field: "name", description: "too short" }],
  },
  { "@type": "type.googleapis.com/google.protobuf.StringValue", value: "hi" },
  { "@type": "type.googleapis.com/google.protobuf.Duration", value: "5s" },
  { "@type": "type.googleapis.com/test.Note", text: "x", size: "7" },
  { "@type": "type.googleapis.com/acme.Lost", "@value": "aGk=" },
  { "@type": "type.googleapis.com/google.rpc.RetryInfo", "@value": "CgkI" },
];

const ERROR = new GatewayError(Status.NOT_FOUND, "no", { details: DETAILS });

/** The body of a unary call that fails. */
async function unaryError(t: TestContext, options: Partial<GatewayOptions>, error: GatewayError): Promise<unknown> {
  const { transport, port } = await serveNotes(t, options);
  const sent = send(port, "/v1/notes/get", "{}");
  (await transport.nextUnary()).fail(error);
  return JSON.parse((await sent).body);
}

/** The body of a server stream that fails after a message, or before. */
async function streamError(t: TestContext, accept: string, after: boolean, options = {}): Promise<string> {
  const { transport, port } = await serveNotes(t, options);
  const sent = send(port, "/v1/notes/list", "{}", { headers: { accept } });
  const call = await transport.nextStream();
  if (after) call.respond(note({ text: "x" }));
  call.finish(ERROR);
  return (await sent).body;
}

test("details are protobuf JSON on unary calls, in both dialects", async (t) => {
  assert.deepEqual(await unaryError(t, {}, ERROR), { code: 5, message: "no", details: WRITTEN });
  assert.deepEqual(await unaryError(t, { dialect: grpcGatewayV1 }, ERROR), {
    error: "no",
    code: 5,
    message: "no",
    details: WRITTEN,
  });
});

test("details are protobuf JSON in streams of every framing, in both dialects", async (t) => {
  const status = { code: 5, message: "no", details: WRITTEN };
  for (const after of [false, true]) {
    const lines = (await streamError(t, "application/json", after)).trimEnd().split("\n");
    assert.deepEqual(JSON.parse(lines.at(-1) ?? ""), { error: status });
    const legacy = (await streamError(t, "application/json", after, { dialect: grpcGatewayV1 })).trimEnd().split("\n");
    assert.deepEqual(JSON.parse(legacy.at(-1) ?? ""), {
      error: { grpc_code: 5, http_code: 404, message: "no", details: WRITTEN, http_status: "Not Found" },
    });
  }
  const events = (await streamError(t, "text/event-stream", true)).trimEnd().split("\ndata: ");
  assert.deepEqual(JSON.parse(events.at(-1) ?? ""), status);
  const ndjson = (await streamError(t, "application/x-ndjson", true)).trimEnd().split("\n");
  assert.deepEqual(JSON.parse(ndjson.at(-1) ?? ""), { error: status });
});

test("details are protobuf JSON on WebSockets", async (t) => {
  const { transport, port } = await serveSockets(t);
  const unary = await openSocket(t, port, "/v1/notes/get");
  unary.send("{}");
  (await transport.nextUnary()).fail(ERROR);
  assert.deepEqual(await unary.json(), { code: 5, message: "no", details: WRITTEN });

  const stream = await openSocket(t, port, "/v1/notes/list");
  stream.send("{}");
  (await transport.nextStream()).finish(ERROR);
  assert.deepEqual(await stream.json(), { error: { code: 5, message: "no", details: WRITTEN } });
});

test("bytes in details have the form that the response has", async (t) => {
  const details = [detail("google.protobuf.BytesValue", 10, 2, "hi"), detail("acme.Lost", "hi")];
  const error = new GatewayError(Status.ABORTED, "no", { details });
  assert.deepEqual(await unaryError(t, { bytes: "text" }, error), {
    code: 10,
    message: "no",
    details: [
      { "@type": "type.googleapis.com/google.protobuf.BytesValue", value: "hi" },
      { "@type": "type.googleapis.com/acme.Lost", "@value": "aGk=" },
    ],
  });
});

test("the option types adds types, which win over google.rpc's", async (t) => {
  const text = field(1, "text", "string");
  const [lost, retry] = ["acme.Lost", "google.rpc.RetryInfo"].map((name) =>
    messageCodec({
      name,
      fields: { text },
      toJson(t) {
        const tag = t.next();
        return tag === text.tag ? t.string(text) : tag;
      },
    }),
  );
  assert.ok(lost !== undefined && retry !== undefined);
  const details = [detail("acme.Lost", 10, 2, "hi"), detail("google.rpc.RetryInfo", 10, 2, "hi")];
  const error = new GatewayError(Status.ABORTED, "no", { details });
  assert.deepEqual(await unaryError(t, { types: [lost, retry] }, error), {
    code: 10,
    message: "no",
    details: [
      { "@type": "type.googleapis.com/acme.Lost", text: "hi" },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", text: "hi" },
    ],
  });
});

test("the error of a stream of requests with one response is that of a unary call", async (t) => {
  const { transport, port } = await serveSockets(t);
  const sent = send(port, "/v1/notes/gather", "{}");
  (await transport.nextStream()).finish(ERROR);
  const { status, body } = await sent;
  assert.equal(status, 404);
  assert.deepEqual(JSON.parse(body), { code: 5, message: "no", details: WRITTEN });

  const socket = await openSocket(t, port, "/v1/notes/gather");
  socket.send("{}");
  (await transport.nextStream()).finish(ERROR);
  assert.deepEqual(await socket.json(), { code: 5, message: "no", details: WRITTEN });
});

test("the response headers of a call are those of its error, too", async (t) => {
  const { transport, port } = await serveNotes(t);
  const sent = send(port, "/v1/notes/get", "{}");
  (await transport.nextUnary()).fail(ERROR, [["x-request", "7"]]);
  assert.equal((await sent).headers["grpc-metadata-x-request"], "7");
});
