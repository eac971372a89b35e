import assert from "node:assert/strict";
import { test } from "node:test";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { DialectTable, grpcGatewayV1, grpcGatewayV2 } from "../../../runtime/core/http/dialect.js";
import { send } from "../../http/requests.js";
import { serveNotes } from "./serve-notes.js";

test("the longest prefix decides", () => {
  const other = { ...grpcGatewayV1 };
  const table = new DialectTable(grpcGatewayV2, { "/a": grpcGatewayV1, "/a/b/c": other });
  assert.equal(table.of("/a/b"), grpcGatewayV1);
  assert.equal(table.of("/a/b/c"), other);
  assert.equal(table.of("/a/b/c/d"), other);
  assert.equal(table.of("/ab"), grpcGatewayV2);
});

test("errors as grpc-gateway v1 writes them", async (t) => {
  const { transport, port } = await serveNotes(t, { dialect: grpcGatewayV1 });
  const sent = send(port, "/v1/notes/get", "{}");
  const details = [{ typeUrl: "type.example/X", value: Buffer.from([1]) }];
  (await transport.nextUnary()).fail(new GatewayError(Status.UNAUTHENTICATED, "no", { details }));
  const { status, headers, body } = await sent;
  assert.equal(status, 401);
  assert.equal(headers["www-authenticate"], undefined);
  assert.deepEqual(JSON.parse(body), {
    error: "no",
    code: 16,
    message: "no",
    details: [{ "@type": "type.example/X", "@value": "AQ==" }],
  });

  const canceled = send(port, "/v1/notes/get", "{}");
  (await transport.nextUnary()).fail(new GatewayError(Status.CANCELLED, "gone"));
  assert.equal((await canceled).status, 408);
});

test("what no route matches, as grpc-gateway v1 says it, under its prefix", async (t) => {
  const { port } = await serveNotes(t, { dialects: { "/v1/notes": grpcGatewayV1 } });
  const wrong = await send(port, "/v1/notes/get", "", { method: "GET" });
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers.allow, "POST");
  assert.equal(wrong.headers["content-type"], "text/plain; charset=utf-8");
  assert.equal(wrong.body, "Method Not Allowed\n");
  const unknown = await send(port, "/v1/notes/none");
  assert.deepEqual([unknown.status, unknown.body], [404, "Not Found\n"]);
  assert.equal((await send(port, "/v1/other")).body, '{"code":5,"message":"Not Found"}');
});

test("errors of streams as grpc-gateway v1 writes them", async (t) => {
  const { transport, port } = await serveNotes(t, { dialect: grpcGatewayV1 });
  const sent = send(port, "/v1/notes/chat", "{}");
  (await transport.nextStream()).finish(new GatewayError(Status.FAILED_PRECONDITION, "off"));
  const { status, body } = await sent;
  assert.equal(status, 400);
  assert.deepEqual(JSON.parse(body), {
    error: { grpc_code: 9, http_code: 400, message: "off", http_status: "Bad Request" },
  });
});

test("request JSON is read by the dialect of its path, where no option says otherwise", async (t) => {
  const { transport, port } = await serveNotes(t, { dialect: grpcGatewayV1, json: { trailingData: "ignore" } });
  const sent = send(port, "/v1/notes/get", "null x");
  (await transport.nextUnary()).respond(Buffer.alloc(0));
  assert.equal((await sent).status, 200);
  const strict = await serveNotes(t, {});
  assert.equal((await send(strict.port, "/v1/notes/get", "null")).status, 400);
});
