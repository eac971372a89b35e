import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Metadata } from "@etcd-gateway/runtime";
import { tokenMetadata, withoutToken } from "../../../runtime/etcd/access/tokens.js";
import { startGateway, type TestGateway } from "../../e2e/gateway.js";
import { type FaultServer, startFaultServer } from "../../faults/fault-server.js";
import { post } from "../../http/requests.js";

const RANGE = "/etcdserverpb.KV/Range";

describe("a token", () => {
  let server: FaultServer;
  let gateway: TestGateway;
  before(async () => {
    server = await startFaultServer();
    server.handle(RANGE, (call) => call.answer(Buffer.alloc(0)));
    gateway = await startGateway({ endpoints: [server.endpoint] });
  });
  after(async () => {
    await gateway.close();
    await server.stop();
  });

  /** What etcd would see as tokens. */
  async function seen(headers: Record<string, string | string[]>, path = "/v3/kv/range"): Promise<unknown> {
    assert.equal((await post(gateway.url + path, {}, headers)).status, 200);
    const { token, authorization } = server.calls.at(-1)?.headers ?? {};
    return { token, authorization };
  }
  const both = { token: "tok.1", authorization: "tok.1" };

  it("comes in every form that any etcd takes, and goes in the one that all do", async () => {
    for (const value of ["tok.1", "Bearer tok.1", "bearer tok.1", "BEARER   tok.1"]) {
      for (const name of ["Authorization", "authorization", "Grpc-Metadata-Authorization", "Grpc-Metadata-Token"]) {
        assert.deepEqual(await seen({ [name]: value }), both, `${name}: ${value}`);
      }
    }
    assert.deepEqual(await seen({ Authorization: "tok.1" }, "/v3beta/kv/range"), both);
  });

  it("is taken from the place that etcd takes it from, if there are several", async () => {
    assert.deepEqual(await seen({ Authorization: "other", "Grpc-Metadata-Token": "tok.1" }), both);
    assert.deepEqual(await seen({ Authorization: "tok.1", "Grpc-Metadata-Authorization": "other" }), both);
    assert.deepEqual(await seen({ Authorization: ["tok.1", "other"] }), both);
    assert.deepEqual(await seen({ "Grpc-Metadata-Token": ["tok.1", "other"] }), both);
  });

  it("is nothing that etcd does not take for one", async () => {
    const none = { token: undefined, authorization: undefined };
    assert.deepEqual(await seen({}), none);
    assert.deepEqual(await seen({ Token: "tok.1", Cookie: "token=tok.1; authorization=tok.1" }), none);
    assert.deepEqual(await seen({}, "/v3/kv/range?token=tok.1&authorization=tok.1"), none);
  });

  it("of another scheme is not passed on: etcd would log it", async () => {
    assert.deepEqual(await seen({ Authorization: "Basic cm9vdDp0b29y" }), { token: "Basic", authorization: "Basic" });
    assert.deepEqual(await seen({ Authorization: 'Digest username="a", nonce="b"' }), {
      token: "Digest",
      authorization: "Digest",
    });
  });
});

describe("metadata", () => {
  it("keeps metadata that is not a token, and its order", () => {
    const metadata: Metadata = [
      ["a", "1"],
      ["authorization", "Bearer t"],
      ["b-bin", Buffer.from("2")],
    ];
    assert.deepEqual(tokenMetadata(metadata), [
      ["a", "1"],
      ["b-bin", Buffer.from("2")],
      ["token", "t"],
      ["authorization", "t"],
    ]);
    assert.deepEqual(withoutToken([...metadata, ["token", "x"]]), [
      ["a", "1"],
      ["b-bin", Buffer.from("2")],
    ]);
  });

  it("stays what it was without a token", () => {
    const metadata: Metadata = [["a", "1"]];
    assert.equal(tokenMetadata(metadata), metadata);
    assert.equal(withoutToken(metadata), metadata);
  });

  it("has an empty token if the client sent one, which etcd refuses", () => {
    for (const value of ["", " ", "Bearer", "Bearer "]) {
      const [token] = tokenMetadata([["authorization", value]]);
      assert.deepEqual(token, ["token", value.trim()]);
    }
  });
});
