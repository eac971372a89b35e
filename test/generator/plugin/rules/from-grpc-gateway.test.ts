import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it, type TestContext } from "node:test";
import { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../../runtime/core/errors/status.js";
import { note, noteRpc } from "../../../core/http/notes.js";
import { send, serveNotes } from "../../../core/http/serve.js";
import { type Compiled, compile } from "../compile.js";

const DOCUMENT = new URL("../../../../docs/from-grpc-gateway.md", import.meta.url);

/** A file with a message `M` and an rpc for each of these rules; an empty one is none. */
function proto(...rules: readonly string[]): string {
  const rpcs = rules.map((rule, index) => {
    const option = rule === "" ? ";" : ` { option (google.api.http) = { ${rule} }; }`;
    return `rpc R${index}(M) returns (M)${option}`;
  });
  return `syntax = "proto3"; import "google/api/annotations.proto";
    message M { string page_size = 1; repeated string tags = 2; } service S { ${rpcs.join("\n")} }`;
}

async function compiled(parameter: string, ...rules: readonly string[]): Promise<Compiled> {
  const result = await compile({ "m.proto": proto(...rules) }, parameter);
  assert.deepEqual(result.errors, []);
  return result;
}

function routesOf({ model }: Compiled): readonly string[] {
  const methods = model.files.flatMap((file) => file.services).flatMap((service) => service.methods);
  return methods.flatMap(({ name, bindings }) => bindings.map((each) => `${name} ${each.method} ${each.template}`));
}

/** What is tried for each row of the document, by the row's first cell. */
const ROWS: Readonly<Record<string, (t: TestContext) => Promise<void>>> = {
  "`protoc-gen-grpc-gateway`, `protoc-gen-openapiv2`": async () => {
    const { file } = await compiled("swagger=a.json,openapi=b.json", 'get: "/v1"');
    assert.equal(JSON.parse(file("a.json")).swagger, "2.0");
    assert.match(JSON.parse(file("b.json")).openapi, /^3\.1/);
  },
  "`grpc_api_configuration=FILE`": async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), "rules-"));
    t.after(() => rm(folder, { recursive: true }));
    const rules = path.join(folder, "rules.yaml");
    await writeFile(rules, "type: google.api.Service\nhttp: {rules: [{selector: S.R0, get: /yaml}]}\n");
    assert.deepEqual(routesOf(await compiled(`grpc_api_configuration=${rules}`, "")), ["S.R0 GET /yaml"]);
  },
  "`warn_on_unbound_methods=true`": async () => {
    assert.deepEqual((await compiled("", 'get: "/v1"', "")).warnings, []);
    assert.equal((await compiled("", "", "")).warnings.length, 1);
  },
  "`generate_unbound_methods=true`": async (t) => {
    const services = [{ name: "test.Notes", rpcs: { get: noteRpc("Get", false, false, []) } }];
    const { port, transport } = await serveNotes(t, { services, access: { unboundRpcs: true } });
    const sent = send(port, "/test.Notes/Get", '{"text":"a"}');
    const call = await transport.nextUnary();
    call.respond(call.request);
    assert.equal((await sent).body, '{"text":"a"}');
  },
  "`allow_delete_body=true`": async () => {
    const { warnings } = await compiled("", 'delete: "/v1" body: "*"');
    assert.match(warnings.join("\n"), /a DELETE request has no defined body/);
  },
  "`allow_repeated_fields_in_body=true`": async () => {
    assert.deepEqual(routesOf(await compiled("", 'post: "/v1" body: "tags"')), ["S.R0 POST /v1"]);
  },
  "`repeated_path_param_separator`": async () => {
    const skipped = await compiled("bad_rules=skip", 'get: "/v1/{tags}" additional_bindings { get: "/v1" }');
    assert.deepEqual(routesOf(skipped), ["S.R0 GET /v1"]);
  },
  "two rpcs with one route: the last one wins": async () => {
    const rules = ['get: "/v1"', 'get: "/v1"'];
    const first = await compiled("", ...rules);
    assert.deepEqual(routesOf(first), ["S.R0 GET /v1"]);
    assert.equal(first.warnings.length, 1);
    assert.deepEqual(routesOf(await compiled("same_route=last", ...rules)), ["S.R1 GET /v1"]);
  },
  "`UseProtoNames: true`": async () => {
    assert.doesNotMatch((await compiled("", "")).file("m.codec.ts"), /names: "json"/);
    assert.match((await compiled("json_names=json", "")).file("m.codec.ts"), /names: "json"/);
  },
  "`EmitUnpopulated: true`": async () => {
    assert.match((await compiled("defaults=write", "")).file("m.codec.ts"), /defaults: "write"/);
  },
  "`DiscardUnknown: false`": async () => {
    assert.match((await compiled("unknown_fields=refuse", "")).file("m.gateway.ts"), /unknownFields: "refuse"/);
  },
  "`WithMarshalerOption` by media type": async (t) => {
    const { port, transport } = await serveNotes(t);
    const headers = { Accept: "application/json; defaults=write" };
    const sent = send(port, "/v1/notes/get", "{}", { headers });
    (await transport.nextUnary()).respond(note({}));
    assert.equal((await sent).body, '{"text":"","size":"0"}');
  },
  "`RegisterXHandlerFromEndpoint`": async (t) => {
    const { port, transport } = await serveNotes(t);
    const sent = send(port, "/v1/notes/get", '{"text":"a"}');
    const call = await transport.nextUnary();
    assert.equal(call.path, "/test.Notes/Get");
    call.respond(note({ text: "b" }));
    assert.equal((await sent).body, '{"text":"b"}');
  },
  "`Grpc-Metadata-X: y` in a request": async (t) => {
    const { port, transport } = await serveNotes(t);
    const sent = send(port, "/v1/notes/get", "{}", { headers: { "Grpc-Metadata-X": "y" } });
    const call = await transport.nextUnary();
    assert.equal(new Map(call.options.metadata).get("x"), "y");
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
  "`Grpc-Timeout: 1S`": async (t) => {
    const { port, transport } = await serveNotes(t);
    const before = Date.now();
    const sent = send(port, "/v1/notes/get", "{}", { headers: { "Grpc-Timeout": "1S" } });
    const call = await transport.nextUnary();
    const deadline = call.options.deadline ?? 0;
    assert.ok(deadline >= before + 1000 && deadline <= Date.now() + 1000, `${deadline - before} ms`);
    call.respond(note({}));
    await sent;
  },
  '`{"result":...}` on a line for each message of a stream': async (t) => {
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
};

describe("docs/from-grpc-gateway.md", () => {
  const cells = [...readFileSync(DOCUMENT, "utf8").matchAll(/^\| (.*?) \|/gm)].map(([, cell = ""]) => cell);

  it("has the rows that are tried here", () => {
    const rows = cells.filter((cell) => cell !== "grpc-gateway");
    assert.deepEqual(rows, Object.keys(ROWS));
  });

  for (const [row, attempt] of Object.entries(ROWS)) it(row, attempt);
});
