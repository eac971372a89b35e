import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import type { RequestHandler } from "express";
import { bookstore, services } from "../../../examples/bookstore/generated/index.js";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { isStatusCode, Status } from "../../../runtime/core/errors/status.js";
import { createGateway } from "../../../runtime/core/gateway/gateway.js";
import type { CallRecord } from "../../../runtime/core/observe/call-record.js";
import { monotonicTime } from "../../../runtime/core/timers/monotonic-time.js";
import { FakeTransport } from "../../core/http/fake-transport.js";
import { note } from "../../core/http/notes.js";
import { serveNotes } from "../../core/http/serve-notes.js";
import { listen } from "../../http/listen.js";
import { send } from "../../http/requests.js";
import type { Rows } from "./rows.js";

/** Rows about mounting, forwarding and responses. */
export const SERVING: Rows = {
  "`RegisterXHandlerFromEndpoint`": async (t) => {
    const { port, transport } = await serveNotes(t);
    const sent = send(port, "/v1/notes/get", '{"text":"a"}');
    const call = await transport.nextUnary();
    assert.equal(call.path, "/test.Notes/Get");
    call.respond(note({ text: "b" }));
    assert.equal((await sent).body, '{"text":"b"}');
  },
  "`RegisterXHandlerServer`": async (t) => {
    // The transport of these tests is one of our own: it has no network.
    const { port, transport } = await serveNotes(t);
    assert.ok(!("endpoints" in transport));
    const sent = send(port, "/v1/notes/get", '{"text":"a"}');
    const call = await transport.nextUnary();
    call.respond(call.request);
    assert.equal((await sent).body, '{"text":"a"}');
  },
  "`HandlePath`, `WithMiddlewares`": async (t) => {
    const before: readonly RequestHandler[] = [
      (_req, res, next) => {
        res.setHeader("X-Mine", "a");
        next();
      },
      (req, res, next) => (req.path === "/v1/mine" ? void res.send("mine") : next()),
    ];
    const { port } = await serveNotes(t, {}, { before });
    const { headers, body } = await send(port, "/v1/mine", "");
    assert.deepEqual([headers["x-mine"], body], ["a", "mine"]);
  },
  "`WithHealthzEndpoint`": async (t) => {
    const before: readonly RequestHandler[] = [
      (req, res, next) => (req.path === "/healthz" ? void res.json({ status: "SERVING" }) : next()),
    ];
    const { port } = await serveNotes(t, {}, { before });
    assert.equal((await send(port, "/healthz", "", { method: "GET" })).body, '{"status":"SERVING"}');
  },
  "`Grpc-Metadata-X: y` in a request": async (t) => {
    const { port, transport } = await serveNotes(t);
    const sent = send(port, "/v1/notes/get", "{}", { headers: { "Grpc-Metadata-X": "y" } });
    const call = await transport.nextUnary();
    assert.equal(new Map(call.options.metadata).get("x"), "y");
    call.respond(note({}));
    await sent;
  },
  "headers as `grpcgateway-*`, `X-Forwarded-For`": async (t) => {
    const { port, transport } = await serveNotes(t, { forwardHeaders: ["Accept-Language"] });
    const headers = { "Accept-Language": "a", "X-Forwarded-For": "192.0.2.1", Authorization: "b" };
    const sent = send(port, "/v1/notes/get", "{}", { headers });
    const call = await transport.nextUnary();
    assert.deepEqual(
      [...(call.options.metadata ?? [])].filter(([key]) => !key.startsWith("grpc-")),
      [
        ["authorization", "b"],
        ["accept-language", "a"],
      ],
    );
    call.respond(note({}));
    await sent;
  },
  "`WithIncomingHeaderMatcher`": async (t) => {
    const { port, transport } = await serveNotes(t, { forwardHeaders: ["X-Request-Id"] });
    const sent = send(port, "/v1/notes/get", "{}", { headers: { "X-Request-Id": "1", "X-Other": "2" } });
    const call = await transport.nextUnary();
    const metadata = new Map(call.options.metadata);
    assert.deepEqual([metadata.get("x-request-id"), metadata.has("x-other")], ["1", false]);
    call.respond(note({}));
    await sent;
  },
  "`WithMetadata`": async (t) => {
    const metadata = (req: IncomingMessage) => ({ "x-tenant": String(req.headers["x-tenant-id"]) });
    const { port, transport } = await serveNotes(t, { metadata });
    const sent = send(port, "/v1/notes/get", "{}", { headers: { "X-Tenant-Id": "a" } });
    const call = await transport.nextUnary();
    assert.equal(new Map(call.options.metadata).get("x-tenant"), "a");
    call.respond(note({}));
    await sent;
  },
  "`WithOutgoingHeaderMatcher`": async (t) => {
    const { port, transport } = await serveNotes(t, { responses: { headerName: (key) => `X-${key}` } });
    const sent = send(port, "/v1/notes/get", "{}");
    (await transport.nextUnary()).respond(note({}), [["id", "7"]]);
    assert.equal((await sent).headers["x-id"], "7");
  },
  "`WithOutgoingTrailerMatcher`": async (t) => {
    const { port, transport } = await serveNotes(t, { responses: { trailerName: (key) => `X-${key}` } });
    const sent = send(port, "/v1/notes/get", "{}", { headers: { TE: "trailers" } });
    (await transport.nextUnary()).respond(note({}), [], [["id", "7"]]);
    assert.equal((await sent).trailers["x-id"], "7");
  },
  "`TE: trailers` gets `Grpc-Trailer-*`": async (t) => {
    const { port, transport } = await serveNotes(t);
    const sent = send(port, "/v1/notes/list", "{}", { headers: { TE: "trailers" } });
    const stream = await transport.nextStream();
    stream.respond(note({}));
    stream.finish(undefined, [["id", "7"]]);
    assert.equal((await sent).trailers["grpc-trailer-id"], "7");
  },
  "`WithForwardResponseOption`": async (t) => {
    const { port, transport } = await serveNotes(t, {
      responses: { success: ({ rpc, metadata }) => ({ status: 201, headers: { "X-A": `${rpc} ${metadata.length}` } }) },
    });
    const sent = send(port, "/v1/notes/get", "{}");
    (await transport.nextUnary()).respond(note({}), [["id", "7"]]);
    const { status, headers } = await sent;
    assert.deepEqual([status, headers["x-a"]], [201, "test.Notes.Get 1"]);
  },
  "`WithForwardResponseRewriter`": async (t) => {
    const transport = new FakeTransport();
    const gateway = createGateway({
      services: { bookstore },
      transport,
      interceptors: { bookstore: { getShelf: async (_call, next) => ({ ...(await next()), theme: "mine" }) } },
    });
    const port = await listen(t, createServer(gateway.router));
    const sent = send(port, "/v1/shelves/a", "", { method: "GET" });
    (await transport.nextUnary()).respond(Buffer.alloc(0));
    assert.equal((await sent).body, '{"theme":"mine"}');
  },
  "`WithErrorHandler`, `WithStreamErrorHandler`": async (t) => {
    const { port, transport } = await serveNotes(t, {
      responses: {
        error: ({ message }, { rpc }) => ({ status: 418, headers: { "X-A": "b" }, body: { message, rpc } }),
      },
    });
    const sent = send(port, "/v1/notes/get", "{}");
    (await transport.nextUnary()).fail(new GatewayError(Status.NOT_FOUND, "gone"));
    const { status, headers, body } = await sent;
    assert.deepEqual([status, headers["x-a"], body], [418, "b", '{"message":"gone","rpc":"test.Notes.Get"}']);
    const streamed = send(port, "/v1/notes/list", "{}");
    const stream = await transport.nextStream();
    stream.respond(note({}));
    stream.finish(new GatewayError(Status.NOT_FOUND, "gone"));
    assert.equal((await streamed).body, '{"result":{}}\n{"error":{"message":"gone","rpc":"test.Notes.List"}}\n');
  },
  "`WithRoutingErrorHandler`": async (t) => {
    const { port } = await serveNotes(t, {
      responses: { unknownRoute: ({ httpStatus }, _req, res) => res.writeHead(httpStatus).end("mine") },
    });
    const { status, body } = await send(port, "/v1/nothing", "{}");
    assert.deepEqual([status, body], [404, "mine"]);
  },
  "501 if the path exists, but not with this method": async (t) => {
    const { port } = await serveNotes(t);
    const { status, headers } = await send(port, "/v1/notes/get", "", { method: "GET" });
    assert.deepEqual([status, headers.allow], [405, "POST"]);
  },
  "`HTTPStatusFromCode`": async (t) => {
    const { port, transport } = await serveNotes(t);
    const statuses = [499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];
    for (const [index, expected] of statuses.entries()) {
      const code = index + 1;
      assert.ok(isStatusCode(code));
      const sent = send(port, "/v1/notes/get", "{}");
      (await transport.nextUnary()).fail(new GatewayError(code, "x"));
      assert.equal((await sent).status, expected, `code ${code}`);
    }
  },
  "`Grpc-Timeout: 1S`": async (t) => {
    const { port, transport } = await serveNotes(t);
    const before = monotonicTime();
    const sent = send(port, "/v1/notes/get", "{}", { headers: { "Grpc-Timeout": "1S" } });
    const call = await transport.nextUnary();
    const deadline = call.options.deadline ?? 0;
    assert.ok(deadline >= before + 1000 && deadline <= monotonicTime() + 1000, `${deadline - before} ms`);
    call.respond(note({}));
    await sent;
  },
  "`RPCMethod(ctx)`, `HTTPPathPattern(ctx)`": async (t) => {
    const seen: unknown[] = [];
    const observers = [{ onEnd: ({ rpc, template }: CallRecord) => seen.push(rpc, template) }];
    const { port, transport } = await serveNotes(t, { services, observers });
    const sent = send(port, "/v1/shelves/a", "", { method: "GET" });
    (await transport.nextUnary()).respond(Buffer.alloc(0));
    await sent;
    assert.deepEqual(seen, ["bookstore.v1.Bookstore.GetShelf", "/v1/{name=shelves/*}"]);
  },
  'a line `{"result":...}` for each message of a stream': async (t) => {
    const { port, transport } = await serveNotes(t);
    const sent = send(port, "/v1/notes/list", "{}");
    const stream = await transport.nextStream();
    stream.respond(note({ text: "a" }));
    stream.respond(note({ text: "b" }));
    stream.finish();
    assert.equal((await sent).body, '{"result":{"text":"a"}}\n{"result":{"text":"b"}}\n');
  },
  '`{"code":5,"message":"...","details":[]}` for an error': async (t) => {
    const { port, transport } = await serveNotes(t);
    const sent = send(port, "/v1/notes/get", "{}");
    (await transport.nextUnary()).fail(new GatewayError(Status.NOT_FOUND, "gone"));
    const { status, body } = await sent;
    assert.equal(status, 404);
    const { code, message, details = [] } = JSON.parse(body);
    assert.deepEqual({ code, message, details }, { code: 5, message: "gone", details: [] });
  },
  "`google.rpc` details of errors": async (t) => {
    const { port, transport } = await serveNotes(t);
    const value = Buffer.from("\n\u0001a");
    const details = [{ typeUrl: "type.googleapis.com/google.protobuf.StringValue", value }];
    const sent = send(port, "/v1/notes/get", "{}");
    (await transport.nextUnary()).fail(new GatewayError(Status.NOT_FOUND, "gone", { details }));
    assert.deepEqual(JSON.parse((await sent).body).details, [
      { "@type": "type.googleapis.com/google.protobuf.StringValue", value: "a" },
    ]);
  },
};
