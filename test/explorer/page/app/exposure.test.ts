import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Exposure } from "../../../../runtime/explorer/page/app/exposure.js";
import { etcdApi, operationOf } from "../api/etcd-api.js";

/** The rpcs of a list that an exposure allows. */
function allowed(exposed: readonly string[] | undefined): readonly string[] {
  const exposure = new Exposure(etcdApi, exposed);
  return ["KV_Range", "KV_Put", "Watch_Watch", "Nothing_Here"].filter((id) => exposure.can(id));
}

describe("the calls that a gateway exposes", () => {
  it("are all of the API, or those whose rpc or service is listed", () => {
    assert.deepEqual(allowed(undefined), ["KV_Range", "KV_Put", "Watch_Watch"]);
    assert.deepEqual(allowed(["etcdserverpb.KV"]), ["KV_Range", "KV_Put"]);
    assert.deepEqual(allowed(["etcdserverpb.KV.Put", "Watch.Watch"]), ["KV_Put", "Watch_Watch"]);
    assert.deepEqual(allowed(["etcdserverpb.KV.Pu", "xKV", "KV.Range.x"]), []);
    assert.deepEqual(allowed([]), []);
  });

  it("are known better after a call was rejected as not exposed, and after no other error", () => {
    const exposure = new Exposure(etcdApi, undefined);
    exposure.learn("KV_Put", new Error("etcdserver: permission denied"));
    assert.equal(exposure.allows(operationOf("KV_Put")), true);
    exposure.learn("KV_Put", new Error("etcdserverpb.KV.Put is not exposed by this gateway"));
    assert.equal(exposure.allows(operationOf("KV_Put")), false);
    assert.equal(exposure.has("KV_Put"), true);
    assert.equal(exposure.allows(operationOf("KV_Range")), true);
  });
});
