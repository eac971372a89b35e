import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { startGateway, type TestGateway } from "../e2e/gateway.js";
import { type FaultServer, startFaultServer } from "../faults/fault-server.js";
import { at } from "../http/etcd-json.js";
import { postStream } from "../http/json-stream.js";
import { post } from "../http/requests.js";

/**
 * The HTTP statuses of etcd's releases by gRPC code: 3.4 and 3.5 as built by etcd, of which Debian's 3.4 differs, and 3.6
 * and later. Their names are those of Go's `http.StatusText`, which error lines of 3.4 and 3.5 have.
 */
const STATUSES: readonly (readonly [code: number, v1: number, name: string, v2: number])[] = [
  [1, 408, "Request Timeout", 499],
  [2, 500, "Internal Server Error", 500],
  [3, 400, "Bad Request", 400],
  [4, 504, "Gateway Timeout", 504],
  [5, 404, "Not Found", 404],
  [6, 409, "Conflict", 409],
  [7, 403, "Forbidden", 403],
  [8, 429, "Too Many Requests", 429],
  [9, 400, "Bad Request", 400],
  [10, 409, "Conflict", 409],
  [11, 400, "Bad Request", 400],
  [12, 501, "Not Implemented", 501],
  [13, 500, "Internal Server Error", 500],
  [14, 503, "Service Unavailable", 503],
  [15, 500, "Internal Server Error", 500],
  [16, 401, "Unauthorized", 401],
];

const PUT = "/etcdserverpb.KV/Put";
const SNAPSHOT = "/etcdserverpb.Maintenance/Snapshot";
/** A `SnapshotResponse` with one byte in its blob. */
const CHUNK = Buffer.of(0x1a, 1, 0x61);

describe("errors as etcd's own builds tell them, from a server that plays along", () => {
  const message = "etcdserver: some <text> & more";
  let server: FaultServer;
  let gateway: TestGateway;
  let code = 0;
  before(async () => {
    server = await startFaultServer();
    gateway = await startGateway({ endpoints: [server.endpoint] });
  });
  after(async () => {
    await gateway?.close();
    await server?.stop();
  });
  beforeEach(() => {
    server.handle(PUT, (call) => call.end(code, message));
    server.handle(SNAPSHOT, (call) => call.end(code, message));
  });

  for (const [each, legacy, name, status] of STATUSES) {
    it(`code ${each}`, async () => {
      code = each;
      const v2 = await post(`${gateway.url}/v3/kv/put`);
      assert.deepEqual([v2.status, v2.json], [status, { code, message }]);
      assert.equal(v2.headers["www-authenticate"], code === 16 ? message : undefined);
      for (const prefix of ["/v3beta", "/v3alpha"]) {
        const v1 = await post(`${gateway.url}${prefix}/kv/put`);
        assert.deepEqual([v1.status, v1.json], [legacy, { error: message, code, message }]);
        assert.equal(v1.headers["www-authenticate"], undefined);
      }
    });

    it(`code ${each}, of a stream, before its first message and behind it`, async () => {
      code = each;
      const line = { error: { code, message } };
      const legacyLine = { error: { grpc_code: code, http_code: legacy, message, http_status: name } };
      for (const [path, expected, error] of [
        ["/v3", status, line],
        ["/v3beta", legacy, legacyLine],
      ] as const) {
        const refused = postStream(`${gateway.url}${path}/maintenance/snapshot`, {});
        assert.deepEqual([await refused.status(), await refused.rest()], [expected, [error]]);
        server.handle(SNAPSHOT, (call) => {
          call.send(CHUNK);
          call.end(code, message);
        });
        const broken = postStream(`${gateway.url}${path}/maintenance/snapshot`, {});
        assert.deepEqual([await broken.status(), await broken.rest()], [200, [{ result: { blob: "YQ==" } }, error]]);
        server.handle(SNAPSHOT, (call) => call.end(code, message));
      }
    });
  }

  it("details follow, where a server sends any", async () => {
    // A google.rpc.Status of code 3 with a google.protobuf.Any of type "t" and value "v".
    const details = Buffer.from("0803120378797a1a060a0174120176", "hex");
    server.handle(PUT, (call) => call.end(3, "xyz", { "grpc-status-details-bin": details.toString("base64") }));
    const v2 = await post(`${gateway.url}/v3/kv/put`);
    assert.deepEqual(at(v2.json, "details"), [{ "@type": "t", "@value": "dg==" }]);
    const v1 = await post(`${gateway.url}/v3beta/kv/put`);
    assert.deepEqual(v1.json, { error: "xyz", code: 3, message: "xyz", details: at(v2.json, "details") });
  });
});
