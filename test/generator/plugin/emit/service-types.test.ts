import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { kv, type RangeRequest, type RangeResponse, services, watch } from "../../../../generated/index.js";
import type { Rpc, Service } from "../../../../runtime/core/call/rpc.js";

/** Compiles if, and only if, the two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

describe("the generated services", () => {
  it("know the messages of each RPC", () => {
    const request: Same<ReturnType<typeof kv.rpcs.range.method.requestDeserialize>, RangeRequest> = true;
    const response: Same<ReturnType<typeof kv.rpcs.range.method.responseDeserialize>, RangeResponse> = true;
    assert.ok(request && response);
    const typed: Rpc<RangeRequest, RangeResponse> = kv.rpcs.range;
    assert.equal(typed, kv.rpcs.range);
    // @ts-expect-error not the messages of this RPC
    const other: Rpc<RangeResponse, RangeRequest> = kv.rpcs.range;
    assert.equal(other, kv.rpcs.range);
  });

  it("are services whatever their messages", () => {
    const any: readonly Service[] = [kv, watch];
    assert.deepEqual(
      any.map((service) => service.name),
      ["etcdserverpb.KV", "etcdserverpb.Watch"],
    );
  });

  it("hold every RPC of etcd under its gRPC path", () => {
    const rpcs = Object.values(services).flatMap((service) => Object.values(service.rpcs));
    for (const rpc of rpcs) {
      const dot = rpc.name.lastIndexOf(".");
      assert.equal(rpc.method.path, `/${rpc.name.slice(0, dot)}/${rpc.name.slice(dot + 1)}`);
    }
    assert.ok(rpcs.length > 30, `${rpcs.length}`);
  });

  it("bind what has a rule, and nothing else", () => {
    const unbound = Object.values(services)
      .flatMap((service) => Object.values(service.rpcs))
      .filter((rpc) => rpc.bindings.length === 0)
      .map((rpc) => rpc.name);
    // Since 3.7; 3.3 and 3.4 bind HashKV to a path that is Hash's.
    const known = ["etcdserverpb.KV.RangeStream", "etcdserverpb.Maintenance.HashKV"];
    assert.deepEqual(
      unbound.filter((name) => !known.includes(name)),
      [],
    );
    const [binding, ...others] = kv.rpcs.range.bindings;
    assert.deepEqual(others, []);
    assert.match(binding?.template ?? "", /^\/v3(alpha|beta)?\/kv\/range$/);
    assert.deepEqual({ ...binding, template: "" }, { method: "POST", template: "", body: "*" });
  });
});
