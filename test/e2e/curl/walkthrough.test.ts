import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { startGateway, type TestGateway } from "../gateway.js";
import { Curl } from "./curl.js";

// The walks of etcd's documentation of its JSON API, which began with 3.1 under /v3alpha.
for (const prefix of ["/v3alpha", "/v3beta", "/v3"]) {
  describe(`the walk through put, range and watch under ${prefix}`, () => {
    let etcd: EtcdServer;
    let gateway: TestGateway;
    before(async () => {
      etcd = await startEtcd();
      gateway = await startGateway({ endpoints: [etcd.endpoint] });
    });
    after(async () => {
      await gateway.close();
      await etcd.stop();
    });
    const curl = (command: string) => Curl.run(command.replace("http://localhost:2379/v3alpha", gateway.url + prefix));
    const header = '"header":{"cluster_id":"N","member_id":"N","revision":"N","raft_term":"N"}';
    const foo = '"key":"Zm9v","create_revision":"N","mod_revision":"N"';

    test("put and range", async () => {
      const put = await curl(
        `curl -L http://localhost:2379/v3alpha/kv/put -X POST -d '{"key": "Zm9v", "value": "YmFy"}'`,
      );
      assert.equal(numberless(await put.text()), `{${header}}`);
      const one = await curl(`curl -L http://localhost:2379/v3alpha/kv/range -X POST -d '{"key": "Zm9v"}'`);
      const kvs = `"kvs":[{${foo},"version":"1","value":"YmFy"}],"count":"1"`;
      assert.equal(numberless(await one.text()), `{${header},${kvs}}`);
      // All keys with the prefix foo: the end of the range is foo with its last byte one higher.
      const all = await curl(
        `curl -L http://localhost:2379/v3alpha/kv/range -X POST -d '{"key": "Zm9v", "range_end": "Zm9w"}'`,
      );
      assert.equal(numberless(await all.text()), `{${header},${kvs}}`);
    });

    test("watch", async () => {
      const watch = await curl(`curl -N http://localhost:2379/v3alpha/watch -d '{"create_request": {"key":"Zm9v"} }'`);
      assert.equal(numberless(await watch.next()), `{"result":{${header},"created":true}}`);
      const put = await curl(
        `curl -L http://localhost:2379/v3alpha/kv/put -X POST -d '{"key": "Zm9v", "value": "YmFy"}'`,
      );
      assert.equal(numberless(await put.text()), `{${header}}`);
      const event = `{"kv":{${foo},"version":"2","value":"YmFy"}}`;
      assert.equal(numberless(await watch.next()), `{"result":{${header},"events":[${event}]}}`);
      await watch.stop();
    });
  });
}

/** A response without the numbers that differ from server to server. */
function numberless(text: string | undefined): string | undefined {
  return text?.replace(/(?<="(?:cluster_id|member_id|revision|raft_term|create_revision|mod_revision)":)"\d+"/g, '"N"');
}
