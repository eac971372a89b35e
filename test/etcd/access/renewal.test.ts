import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { type EtcdGateway, etcdGateway } from "etcd-gateway";
import { WebSocket } from "ws";
import { TEST_CHANNEL } from "../../core/transport/channels.js";
import { startGateway, type TestGateway } from "../../e2e/gateway.js";
import { ETCD_VERSIONS } from "../../etcd-server/etcd-versions.js";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { assertError, at, base64, result } from "../../http/etcd-json.js";
import { Stream } from "../../http/json-stream.js";
import { post } from "../../http/requests.js";
import { until } from "../../until.js";
import { enableAuth, PASSWORDS } from "./auth-etcd.js";

const root = { user: "root", password: PASSWORDS.root };
const bytes = (text: string): Buffer => Buffer.from(text);

/** Passwords are looked at in no time. */
const CHEAP = "--bcrypt-cost=4";

/** Flags that make etcd's tokens JSON Web Tokens, whose key is in the folder. */
async function jwtFlags(folder: string, ttl: string): Promise<string[]> {
  const [key, pub] = [join(folder, "jwt.pem"), join(folder, "jwt.pub")];
  await promisify(execFile)("openssl", ["genrsa", "-out", key, "2048"]);
  await promisify(execFile)("openssl", ["rsa", "-in", key, "-pubout", "-out", pub]);
  return [`--auth-token=jwt,pub-key=${pub},priv-key=${key},sign-method=RS256,ttl=${ttl}`];
}

for (const version of ETCD_VERSIONS) {
  for (const kind of ["simple", "jwt"] as const) {
    describe(`a token of the gateway's own that etcd ${version} no longer takes (${kind})`, () => {
      let folder: string;
      let etcd: EtcdServer;
      let open: TestGateway;
      let admin: EtcdGateway;
      let gateway: EtcdGateway;
      let served: TestGateway;
      before(async () => {
        folder = await mkdtemp(join(tmpdir(), "etcd-jwt-"));
        etcd = await startEtcd({ version, args: [CHEAP, ...(kind === "jwt" ? await jwtFlags(folder, "10m") : [])] });
        const endpoints = [etcd.endpoint];
        open = await startGateway({ endpoints });
        await enableAuth(open.url);
        admin = etcdGateway({ channel: TEST_CHANNEL, endpoints, access: { credentials: root } });
        gateway = etcdGateway({ channel: TEST_CHANNEL, endpoints, access: { credentials: root } });
        served = await startGateway({ endpoints, access: { actAs: "gateway", credentials: root } });
      });
      after(async () => {
        await Promise.all([open?.close(), admin?.close(0), gateway?.close(0), served?.close()]);
        await etcd?.stop();
        await rm(folder, { recursive: true, force: true });
      });

      /** Ends the tokens of all: etcd drops the simple ones of a user whose password changes, others get too old. */
      const outdate = () => admin.client.auth.userChangePassword({ name: "root", password: PASSWORDS.root });
      const calls: Readonly<Record<string, () => Promise<unknown>>> = {
        "kv.put": () => gateway.client.kv.put({ key: bytes("k"), value: bytes("v") }),
        "kv.range": () => gateway.client.kv.range({ key: bytes("k") }),
        "kv.txn": () => gateway.client.kv.txn({}),
        "kv.compact": () => gateway.client.kv.compact({ revision: 1n }).catch(compacted),
        "lease.leaseGrant": () => gateway.client.lease.leaseGrant({ TTL: 60n }),
        "lease.leaseTimeToLive": () => gateway.client.lease.leaseTimeToLive({ ID: 77n }),
        "lease.leaseLeases": () => gateway.client.lease.leaseLeases({}),
        "lock.lock and unlock": async () => {
          const { key } = await gateway.client.lock.lock({ name: bytes("l") });
          await outdate();
          await gateway.client.lock.unlock({ key });
        },
        "election.campaign, proclaim, leader and resign": async () => {
          const { leader } = await gateway.client.election.campaign({ name: bytes("e"), value: bytes("1") });
          await outdate();
          await gateway.client.election.proclaim({ leader, value: bytes("2") });
          await outdate();
          const { kv } = await gateway.client.election.leader({ name: bytes("e") });
          assert.equal(String(kv?.value), "2");
          await outdate();
          await gateway.client.election.resign({ leader });
        },
        "maintenance.status": () => gateway.client.maintenance.status({}),
        "maintenance.alarm": () => gateway.client.maintenance.alarm({}),
        "maintenance.defragment": () => gateway.client.maintenance.defragment({}),
        "maintenance.hash": () => gateway.client.maintenance.hash({}),
        "maintenance.hashKv": () => gateway.client.maintenance.hashKv({}),
        "maintenance.snapshot": async () => {
          let length = 0;
          for await (const { blob } of gateway.client.maintenance.snapshot({})) length += blob.length;
          assert.ok(length > 0);
        },
        "cluster.memberList": () => gateway.client.cluster.memberList({}),
        "auth.userList": () => gateway.client.auth.userList({}),
        "auth.roleGet": () => gateway.client.auth.roleGet({ role: "a" }),
      };
      for (const [name, call] of Object.entries(calls)) {
        it(`is renewed by ${name}`, async () => {
          await gateway.client.kv.range({ key: bytes("x") });
          await outdate();
          await call();
        });
      }

      /** Resolves when etcd has so many watches. */
      const watchers = async (count: number) => {
        const isSo = async () => (await etcd.metrics()).get("etcd_debugging_mvcc_watcher_total") === count;
        await until(isSo, `etcd has ${count} watches`);
      };
      // etcd 3.4 lets one wait for ever whose watch it refuses, and may make that watch with the token of an earlier one.
      const inLine = version === "3.4" && kind === "jwt" ? [] : (["lock", "election"] as const);
      for (const what of inLine) {
        it(`is renewed by a client that waits, when it would get its turn, for ${what}`, async () => {
          const name = bytes(`turn-${what}`);
          const lease = async () => (await admin.client.lease.leaseGrant({ TTL: 600n })).ID;
          const enter = async (by: EtcdGateway) => {
            const id = await lease();
            const entered =
              what === "lock"
                ? by.client.lock.lock({ name, lease: id })
                : by.client.election.campaign({ name, lease: id, value: bytes("v") });
            return { id, entered };
          };
          /** The keys of the line, once there are so many. */
          const line = async (length: number) => {
            for (;;) {
              const range_end = Buffer.concat([name, Buffer.of(255)]);
              const { kvs } = await admin.client.kv.range({ key: name, range_end });
              if (kvs.length === length) return kvs.map((kv) => kv.key.toString());
              await delay(20);
            }
          };
          // etcd's watch of those who waited before has their token.
          await watchers(0);
          const first = await enter(admin);
          await first.entered;
          const second = await enter(gateway);
          const keys = await line(2);
          // It waits by a watch, which must be there before its token goes.
          await watchers(1);
          await outdate();
          await admin.client.lease.leaseRevoke({ ID: first.id });
          const won = await second.entered;
          assert.equal(
            await line(1).then(String),
            keys.find((key) => key.endsWith(second.id.toString(16))),
          );
          const key = "leader" in won ? won.leader?.key : "key" in won ? won.key : undefined;
          assert.equal(String(key), String(await line(1)));
        });
      }

      for (const what of inLine) {
        it(`is renewed by a client that waits without a lease, which keeps its place in line, for ${what}`, async () => {
          const name = bytes(`leaseless-${what}`);
          const enter = async (by: EtcdGateway): Promise<string> => {
            if (what === "lock") return String((await by.client.lock.lock({ name })).key);
            return String((await by.client.election.campaign({ name, value: bytes("v") })).leader?.key);
          };
          const line = async (length: number) => {
            for (;;) {
              const range_end = Buffer.concat([name, Buffer.of(255)]);
              const { kvs } = await admin.client.kv.range({ key: name, range_end });
              if (kvs.length === length) return kvs.map((kv) => kv.key.toString());
              await delay(20);
            }
          };
          await watchers(0);
          const first = await enter(admin);
          const second = enter(gateway);
          const place = (await line(2)).find((key) => key !== first);
          await watchers(1);
          await outdate();
          await admin.client.kv.deleteRange({ key: bytes(first) });
          assert.equal(await second, place);
          assert.deepEqual(await line(1), [place]);
        });
      }

      it("is renewed by a stream of keep-alives", async () => {
        const { ID } = await admin.client.lease.leaseGrant({ TTL: 600n });
        const stream = new Stream(`${served.url}/v3/lease/keepalive`);
        // The body of a request over HTTP/1.1 and its responses go on at the same time.
        for (let i = 0; i < 3; i++) {
          stream.write({ ID: String(ID) });
          assert.equal(at(await stream.next(), "result", "TTL"), "600");
          await outdate();
        }
        stream.abort();
      });

      it("is renewed by a stream of watches that creates another, and no event is lost or comes twice", async () => {
        const socket = new WebSocket(`${served.url.replace("http", "ws")}/v3/watch`);
        const heard: unknown[] = [];
        socket.on("message", (data) => heard.push(at(JSON.parse(String(data)), "result")));
        await once(socket, "open");
        const next = async (count: number) => {
          while (heard.length < count) await once(socket, "message");
          return heard[count - 1];
        };
        socket.send(JSON.stringify({ create_request: { key: base64("w1") } }));
        assert.equal(at(await next(1), "created"), true);
        // etcd 3.4 calls an expired token a lack of permission: only of a token that is older it may not be one.
        await delay(1_100);
        await outdate();
        socket.send(JSON.stringify({ create_request: { key: base64("w2") } }));
        const created = await next(2);
        assert.deepEqual([at(created, "created"), Reflect.get(Object(created), "canceled")], [true, undefined]);
        for (const key of ["w1", "w2", "w1"]) await admin.client.kv.put({ key: bytes(key) });
        for (const [i, key] of ["w1", "w2", "w1"].entries()) {
          assert.equal(at(await next(i + 3), "events", 0, "kv", "key"), base64(key));
        }
        socket.terminate();
      });

      it("is renewed by an observer of an election", async () => {
        const name = bytes("observed");
        const { leader } = await admin.client.election.campaign({ name, value: bytes("1") });
        const values: string[] = [];
        for await (const { kv } of gateway.client.election.observe({ name })) {
          values.push(String(kv?.value));
          if (values.length === 3) break;
          await outdate();
          await admin.client.election.proclaim({ leader, value: bytes(String(values.length + 1)) });
        }
        assert.deepEqual(values, ["1", "2", "3"]);
      });

      it("is 401 for a caller's own by the option refusals, whichever service says so", async (t) => {
        const byStatus = await startGateway({ endpoints: [etcd.endpoint], access: { refusals: "status" } });
        t.after(() => byStatus.close());
        const paths: Readonly<Record<string, object>> = {
          "kv/range": { key: base64("k") },
          "lock/lock": { name: base64("l") },
          "lock/unlock": { key: base64("l") },
          "election/campaign": { name: base64("e") },
          "election/leader": { name: base64("e") },
          "maintenance/defragment": {},
          "maintenance/snapshot": {},
          "auth/user/list": {},
        };
        for (const [path, body] of Object.entries(paths)) {
          for (const headers of [{}, { Authorization: "bogus.1" }] as Record<string, string>[]) {
            const answer = await post(`${byStatus.url}/v3/${path}`, body, headers);
            assert.deepEqual([path, answer.status], [path, 401], JSON.stringify(answer.json));
          }
        }
        const empty = await post(`${byStatus.url}/v3/auth/user/add`, { password: "x" });
        assertError(empty, 400, 3, "etcdserver: user name is empty");
        result(await post(`${byStatus.url}/v3/auth/authenticate`, { name: "root", password: PASSWORDS.root }));
      });
    });
  }

  // On etcd 3.4 a watch that is refused for the token of an earlier one takes others with it: there one waits at a time.
  const waiters = version === "3.4" ? 1 : 3;
  it(`${waiters} campaigns in line outlive tokens that expire while they wait, on etcd ${version}`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "etcd-jwt-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const etcd = await startEtcd({ version, args: [CHEAP, ...(await jwtFlags(folder, "2s"))] });
    t.after(() => etcd.stop());
    const endpoints = [etcd.endpoint];
    const open = await startGateway({ endpoints });
    t.after(() => open.close());
    await enableAuth(open.url);
    const make = (): EtcdGateway => {
      const gateway = etcdGateway({ channel: TEST_CHANNEL, endpoints, access: { credentials: root } });
      t.after(() => gateway.close(0));
      return gateway;
    };
    const name = bytes("e");
    const campaign = async ({ client }: EtcdGateway) => {
      const { ID } = await client.lease.leaseGrant({ TTL: 600n });
      return client.election.campaign({ name, lease: ID, value: bytes("v") });
    };
    const first = make();
    let { leader } = await campaign(first);
    const waiting: ReturnType<typeof campaign>[] = [];
    for (let i = 0; i < waiters; i++) {
      waiting.push(campaign(make()));
      // The tokens expire one after another, as they were given.
      await delay(1_300);
    }
    // Longer than any token lives.
    await delay(3_000);
    for (const next of waiting) {
      await first.client.election.resign({ leader });
      ({ leader } = await next);
      assert.match(String(leader?.key), /^e\//);
    }
  });
}

function compacted(error: Error): void {
  assert.match(error.message, /compacted/);
}
