import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { CHANNELS } from "../core/transport/channels.js";
import { startGateway, type TestGateway } from "../e2e/gateway.js";
import { type Certificates, makeCertificates } from "../etcd-server/certificates.js";
import { freePorts } from "../etcd-server/free-ports.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { assertError, at, base64, result, withoutHeader } from "../http/etcd-json.js";
import { postStream, Stream } from "../http/json-stream.js";
import { post } from "../http/requests.js";
import type { ForegroundServer } from "./foreground-server.js";
import { type ProxyCommand, startReverseProxy } from "./reverse-proxy.js";

/**
 * The minimum number of calls per connection. Node's HTTP/2 client breaks a connection after a thousand empty DATA
 * frames, and Apache sends one with each response.
 */
const CALLS = { "grpc-js": 600, lean: 2000 };

/** Defines the tests of etcd behind a reverse proxy, over each channel, with and without TLS to the proxy. */
export function testReverseProxy(name: string, command: ProxyCommand): void {
  for (const security of ["plain", "TLS"] as const) {
    for (const channel of CHANNELS) {
      describe(`${name}, ${security}, channel ${channel}`, () => {
        let certificates: Certificates | undefined;
        let etcd: EtcdServer;
        let proxy: ForegroundServer;
        let gateway: TestGateway;

        before(async () => {
          if (security === "TLS") certificates = await makeCertificates();
          etcd = await startEtcd();
          proxy = await startReverseProxy(command, portOf(etcd.endpoint), certificates?.server);
          gateway = await gatewayTo(proxy.endpoint);
        });

        after(async () => {
          await gateway?.close();
          await proxy?.stop();
          await etcd?.stop();
          await certificates?.remove();
        });

        async function gatewayTo(endpoint: string): Promise<TestGateway> {
          const tls = certificates && { ca: await readFile(certificates.ca.cert) };
          return startGateway({ channel, endpoints: [endpoint], ...(tls && { tls }) });
        }

        const call = (path: string, body: unknown, headers: Record<string, string> = {}) =>
          post(`${gateway.url}/v3/${path}`, body, headers);

        test("keys are written and read", async () => {
          for (const value of ["one", "two"]) {
            result(await call("kv/put", { key: base64("k"), value: base64(value) }));
            const range = result(await call("kv/range", { key: base64("k") }));
            assert.equal(at(range, "kvs", 0, "value"), base64(value));
          }
          const success = [{ request_delete_range: { key: base64("k") } }];
          assert.deepEqual(at(result(await call("kv/txn", { success })), "succeeded"), true);
          assert.deepEqual(result(await call("kv/range", { key: base64("k") })), {});
        });

        test("errors are etcd's", async () => {
          assertError(await call("lease/revoke", { ID: 404 }), 404, 5, "etcdserver: requested lease not found");
          assertError(await call("kv/put", {}), 400, 3, "etcdserver: key is not provided");
          const large = { key: base64("k"), value: base64(Buffer.alloc(1_600_000)) };
          assertError(await call("kv/put", large), 400, 3, "etcdserver: request is too large");
        });

        test("a watch hears of each change while its request stays open", async () => {
          const watch = new Stream(`${gateway.url}/v3/watch`);
          const next = async () => withoutHeader(at(await watch.next(), "result"));
          watch.write({ create_request: { key: base64("w/"), range_end: base64("w0"), watch_id: 1 } });
          assert.deepEqual(await next(), { watch_id: "1", created: true });
          for (let i = 0; i < 20; i++) {
            result(await call("kv/put", { key: base64(`w/${i}`) }));
            assert.equal(at(await next(), "events", 0, "kv", "key"), base64(`w/${i}`));
          }
          watch.write({ create_request: { key: base64("other"), watch_id: 2 } });
          assert.deepEqual(await next(), { watch_id: "2", created: true });
          watch.write({ cancel_request: { watch_id: 1 } });
          assert.deepEqual(await next(), { watch_id: "1", canceled: true });
          watch.abort();
        });

        test("a lease is kept alive", async () => {
          const ID = at(result(await call("lease/grant", { TTL: 60 })), "ID");
          const answers = await postStream(`${gateway.url}/v3/lease/keepalive`, { ID }).rest();
          assert.deepEqual(
            answers.map((answer) => at(answer, "result", "TTL")),
            ["60"],
          );
        });

        test("large requests and responses arrive whole", async () => {
          const value = base64(Buffer.alloc(1 << 20, "value "));
          for (let i = 0; i < 8; i++) result(await call("kv/put", { key: base64(`large/${i}`), value }));
          const { json } = await call("kv/range", { key: base64("large/"), range_end: base64("large0") });
          for (let i = 0; i < 8; i++) assert.ok(at(json, "kvs", i, "value") === value, `value ${i} is another`);
        });

        test("a deadline ends a call that waits", async () => {
          for (const ID of ["1", "2"]) result(await call("lease/grant", { ID, TTL: 600 }));
          result(await call("lock/lock", { name: base64("mutex"), lease: "1" }));
          const second = await call("lock/lock", { name: base64("mutex"), lease: "2" }, { "Grpc-Timeout": "300m" });
          assertError(second, 504, 4, "context deadline exceeded");
          result(await call("kv/range", { key: base64("k") }));
        });

        test("each of many calls, a hundred at a time, gets a response", async () => {
          let left = CALLS[channel];
          const caller = async (name: number): Promise<void> => {
            while (left-- > 0) {
              const key = base64(`crowd/${name}`);
              result(await call("kv/put", { key, value: base64(String(left)) }));
            }
          };
          await Promise.all(Array.from({ length: 100 }, (_, i) => caller(i)));
          const crowd = { key: base64("crowd/"), range_end: base64("crowd0"), count_only: true };
          assert.equal(at(result(await call("kv/range", crowd)), "count"), "100");
        });

        test("without etcd behind the proxy, a call gets the error that etcd is unavailable", async (t) => {
          const [nobody = 0] = await freePorts(1);
          const lonely = await startReverseProxy(command, nobody, certificates?.server);
          t.after(() => lonely.stop());
          const other = await gatewayTo(lonely.endpoint);
          t.after(() => other.close());
          const answer = await post(`${other.url}/v3/kv/range`, { key: base64("k") });
          assert.equal(answer.status, 503, JSON.stringify(answer.json));
          assert.equal(at(answer.json, "code"), 14);
        });
      });
    }
  }
}

function portOf(endpoint: string): number {
  return Number(endpoint.slice(endpoint.lastIndexOf(":") + 1));
}
