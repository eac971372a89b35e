import assert from "node:assert/strict";
import { test } from "node:test";
import { CompactedError, etcdClient, watch } from "etcd-gateway/client";
import { ETCD_VERSIONS } from "../../etcd-server/etcd-versions.js";
import { startEtcd } from "../../etcd-server/server.js";
import { gatewayOf } from "../access/auth-etcd.js";

for (const version of ETCD_VERSIONS) {
  test(`a watch from a negative revision fails as compacted on etcd ${version}, and can begin anew`, {
    timeout: 60_000,
  }, async (t) => {
    const server = await startEtcd({ version });
    t.after(() => server.stop());
    const gateway = await gatewayOf(t, { endpoints: [server.endpoint] });
    for (const baseUrl of [gateway.url, server.url]) {
      const etcd = etcdClient({ baseUrl });
      const notices = watch(etcd.watch, { key: "k", start_revision: -5n });
      assert.equal((await notices.next()).value?.type, "created");
      await assert.rejects(notices.next(), (error) => {
        assert.ok(error instanceof CompactedError);
        assert.equal(error.compactRevision, 1n);
        return true;
      });
      for await (const notice of watch(etcd.watch, { key: "k", start_revision: 1n })) {
        assert.equal(notice.type, "created");
        break;
      }
    }
  });
}
