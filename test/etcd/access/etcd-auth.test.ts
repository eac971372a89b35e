import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { type EtcdGateway, etcdGateway, type GatewayError } from "etcd-gateway";
import { TEST_CHANNEL } from "../../core/transport/channels.js";
import { makeCertificates } from "../../etcd-server/certificates.js";
import { ETCD_VERSIONS } from "../../etcd-server/etcd-versions.js";
import { assertError, at, base64, result } from "../../http/etcd-json.js";
import { postStream } from "../../http/json-stream.js";
import { post } from "../../http/requests.js";
import { ENDING_TOKENS, enableAuth, gatewayOf, login, PASSWORDS, startAuthEtcd, tokenEnds } from "./auth-etcd.js";

const root = { user: "root", password: PASSWORDS.root };

for (const version of ETCD_VERSIONS) {
  describe(`rights on etcd ${version}`, () => {
    it("are those of the caller's token, whoever else calls, and never the gateway's own", async (t) => {
      const etcd = await startAuthEtcd(t, { version });
      const errors: GatewayError[] = [];
      const { url } = await gatewayOf(t, {
        endpoints: [etcd.endpoint],
        access: { credentials: root },
        onError: (error) => void errors.push(error),
      });
      await enableAuth(url);
      const [alice, bob] = [await login(url, "alice"), await login(url, "bob")];
      const put = (key: string, headers: Record<string, string>) =>
        post(`${url}/v3/kv/put`, { key: base64(key) }, headers);

      const forms = [
        (token: string) => ({ Authorization: token }),
        (token: string) => ({ Authorization: `Bearer ${token}` }),
        (token: string) => ({ authorization: `bearer ${token}` }),
        (token: string) => ({ "Grpc-Metadata-Token": token }),
        (token: string) => ({ "Grpc-Metadata-Authorization": token }),
      ];
      const users = [
        { token: alice, own: "a/", other: "b/" },
        { token: bob, own: "b/", other: "a/" },
      ];
      /** Everyone's calls in turn, by every form of token, while the calls of others are under way. */
      const callAsEachUser = async (i: number): Promise<void> => {
        for (const form of forms) {
          for (const { token, own, other } of users) {
            assert.equal((await put(own + i, form(token))).status, 200);
            assertError(await put(other + i, form(token)), 403, 7, "etcdserver: permission denied");
            assertError(await put(own + i, {}), 400, 3, "etcdserver: user name is empty");
            assertError(await put(own + i, form("bogus.1")), 401, 16, "etcdserver: invalid auth token");
          }
        }
      };
      await Promise.all(Array.from({ length: 8 }, (_, i) => callAsEachUser(i)));

      // The gateway would have had the rights: its own program has.
      const told = JSON.stringify(errors.map(({ message, cause }) => [message, String(cause)]));
      for (const secret of [alice, bob, ...Object.values(PASSWORDS)]) assert.ok(!told.includes(secret));
    });

    it("are the gateway's own for its program, also after the token expired and the password changed", async (t) => {
      const etcd = await startAuthEtcd(t, { version, args: ENDING_TOKENS });
      const { url } = await gatewayOf(t, { endpoints: [etcd.endpoint] });
      await enableAuth(url);
      const gateway: EtcdGateway = etcdGateway({
        channel: TEST_CHANNEL,
        endpoints: [etcd.endpoint],
        access: { credentials: root },
      });
      t.after(() => gateway.close(0));
      const { client } = gateway;
      await client.kv.put({ key: Buffer.from("z") });
      await tokenEnds(etcd, "root");
      const before = await client.kv.range({ key: Buffer.from("z") });
      assert.equal(before.kvs[0]?.version, 1n);
      await Promise.all(Array.from({ length: 50 }, () => client.kv.put({ key: Buffer.from("z") })));
      const after = await client.kv.range({ key: Buffer.from("z") });
      assert.equal(after.kvs[0]?.version, 51n);
      await client.auth.userChangePassword({ name: "root", password: PASSWORDS.root });
      await client.kv.put({ key: Buffer.from("z") });
    });

    it("are the gateway's own for everybody if it is to act as itself", async (t) => {
      const etcd = await startAuthEtcd(t, { version, args: ENDING_TOKENS });
      const { url } = await gatewayOf(t, {
        endpoints: [etcd.endpoint],
        access: { actAs: "gateway", credentials: { user: "alice", password: PASSWORDS.alice } },
      });
      // Its user is not there yet, and is not needed.
      await enableAuth(url);
      const put = (key: string, headers = {}) => post(`${url}/v3/kv/put`, { key: base64(key) }, headers);
      const rootToken = await login(url, "root");
      for (const headers of [{}, { Authorization: rootToken }, { "Grpc-Metadata-Token": "bogus.1" }]) {
        assert.equal((await put("a/1", headers)).status, 200);
        assertError(await put("b/1", headers), 403, 7, "etcdserver: permission denied");
      }
      await tokenEnds(etcd, "alice");
      const watching = postStream(`${url}/v3/watch`, { create_request: { key: base64("a/1"), start_revision: "1" } });
      assert.equal(at(await watching.next(), "result", "created"), true);
      assert.equal(at(await watching.next(), "result", "events", 0, "kv", "key"), base64("a/1"));
      watching.abort();
      result(await put("a/1"));
    });

    it("are nobody's if the gateway's password is wrong", async (t) => {
      const etcd = await startAuthEtcd(t, { version });
      const open = await gatewayOf(t, { endpoints: [etcd.endpoint] });
      await enableAuth(open.url);
      const errors: GatewayError[] = [];
      const { url } = await gatewayOf(t, {
        endpoints: [etcd.endpoint],
        access: { actAs: "gateway", credentials: { user: "root", password: "wrong-secret" } },
        onError: (error) => void errors.push(error),
      });
      const headers = { Authorization: await login(url, "alice") };
      const answer = await post(`${url}/v3/kv/put`, { key: base64("a/1") }, headers);
      assertError(answer, 503, 14, "etcd refused the gateway's own user or password");
      const watch = postStream(`${url}/v3/watch`, { create_request: { key: base64("a/1") } });
      assert.equal(await watch.status(), 503);
      watch.abort();
      assert.match(String(errors[0]?.cause), /authentication failed, invalid user ID or password/);
      assert.doesNotMatch(JSON.stringify(errors.map(({ message, cause }) => [message, String(cause)])), /secret/);
    });

    it("are not those of the client certificate's name, unless the gateway is to act as itself", async (t) => {
      const certificates = await makeCertificates("root");
      t.after(() => certificates.remove());
      const etcd = await startAuthEtcd(t, { version, tls: { certificates, clientAuth: true } });
      const { ca, client } = certificates;
      const tls = {
        ca: readFileSync(ca.cert),
        cert: readFileSync(client.cert),
        key: readFileSync(client.key),
        serverName: "localhost",
      };
      const { url } = await gatewayOf(t, { endpoints: [etcd.url], tls });
      await enableAuth(url);
      const put = (to: string, key: string, headers = {}) => post(`${to}/v3/kv/put`, { key: base64(key) }, headers);
      assertError(await put(url, "a/1"), 400, 3, "etcdserver: user name is empty");
      const headers = { Authorization: await login(url, "alice") };
      assert.equal((await put(url, "a/1", headers)).status, 200);
      assertError(await put(url, "b/1", headers), 403, 7, "etcdserver: permission denied");
      const watch = postStream(`${url}/v3/watch`, { create_request: { key: base64("a/1") } });
      assert.equal(at(await watch.next(), "result", "canceled"), true);
      watch.abort();

      const acting = await gatewayOf(t, { endpoints: [etcd.url], tls, access: { actAs: "gateway" } });
      assert.equal((await put(acting.url, "b/1")).status, 200);
      assert.equal((await put(acting.url, "b/1", headers)).status, 200);
    });
  });
}

describe("options of who the gateway is", () => {
  const endpoints = ["127.0.0.1:2379"];

  it("are rejected if they cannot be used, and their message has no secret", () => {
    assert.throws(
      () => etcdGateway({ channel: TEST_CHANNEL, endpoints, access: { actAs: "gateway" } }),
      /^TypeError: invalid access.actAs "gateway": set/,
    );
    assert.throws(
      // @ts-expect-error: no such word
      () => etcdGateway({ channel: TEST_CHANNEL, endpoints, access: { actAs: "root" } }),
      /^TypeError: invalid access.actAs "root": expected/,
    );
    for (const credentials of [{ user: "", password: "secret" }, { user: "root", password: "" }, { user: "root" }]) {
      assert.throws(
        // @ts-expect-error: a password is needed
        () => etcdGateway({ channel: TEST_CHANNEL, endpoints, access: { credentials } }),
        ({ message }: Error) =>
          /^(invalid )?access\.credentials\.(user|password) /.test(message) && !message.includes("secret"),
      );
    }
  });
});
