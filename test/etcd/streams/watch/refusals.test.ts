import assert from "node:assert/strict";
import { before, test } from "node:test";
import { cancelReasonError } from "../../../../runtime/etcd/streams/watch/cancel-reason-error.js";
import { onEachEtcd } from "../../../e2e/each-etcd.js";
import { startGateway } from "../../../e2e/gateway.js";
import { at, base64, revisionOf } from "../../../http/etcd-json.js";
import { post } from "../../../http/requests.js";
import { asked, news, Session, WATCH } from "../session.js";

const BY_STATUS = { Accept: "application/json; refusals=status" };

onEachEtcd("Refused watches", (setup) => {
  let compacted = 0;
  before(async () => {
    const put = async () => revisionOf((await setup.post("/v3/kv/put", { key: base64("k") })).json);
    await put();
    compacted = await put();
    await setup.post("/v3/kv/compaction", { revision: compacted });
  });
  const watch = (create: object, headers: Record<string, string> = {}) =>
    setup.postStream("/v3/watch", { create_request: { key: base64("k"), ...create } }, headers);

  /** The status, and what follows. */
  async function whole(create: object, headers: Record<string, string>) {
    const stream = watch(create, headers);
    return { status: await stream.status(), lines: await stream.rest() };
  }
  const error = (status: number, code: number, message: string) => ({ status, lines: [{ error: { code, message } }] });

  test("a compacted revision: messages and an end, or a status where the client asks for it", async () => {
    const [created, canceled, ...more] = (await watch({ start_revision: 1 }).rest()).map((line) => at(line, "result"));
    assert.equal(at(created, "created"), true);
    assert.deepEqual([at(canceled, "canceled"), at(canceled, "compact_revision"), more], [true, String(compacted), []]);
    const refused = error(400, 11, "etcdserver: mvcc: required revision has been compacted");
    assert.deepEqual(await whole({ start_revision: 1 }, BY_STATUS), refused);

    const strict = await startGateway({ endpoints: [setup.etcd.endpoint], access: { refusals: "status" } });
    try {
      const answer = await post(`${strict.url}/v3/watch`, { create_request: { key: base64("k"), start_revision: 1 } });
      assert.deepEqual({ status: answer.status, lines: [answer.json] }, refused);
    } finally {
      await strict.close();
    }
  });

  test("a watch that is not refused begins as ever, at any revision", async () => {
    for (const start_revision of [0, compacted, compacted + 1, compacted + 100]) {
      const stream = watch({ start_revision }, BY_STATUS);
      assert.equal(at(await stream.next(), "result", "created"), true);
      stream.abort();
    }
  });

  test("a range that is empty", async () => {
    const empty = { range_end: base64("a") };
    const refused = error(400, 3, "mvcc: watcher range is empty");
    assert.deepEqual(await whole(empty, BY_STATUS), refused);
    const [line, ...more] = await watch(empty).rest();
    assert.deepEqual(
      [at(line, "result", "canceled"), at(line, "result", "cancel_reason"), more],
      [true, "mvcc: watcher range is empty", []],
    );
  });

  test("a client without the permission", async () => {
    const auth = (rpc: string, body: object) => setup.post(`/v3/auth/${rpc}`, body);
    await auth("user/add", { name: "root", password: "r" });
    await auth("user/grant", { user: "root", role: "root" });
    await auth("user/add", { name: "alice", password: "a" });
    await auth("enable", {});
    const token = async (name: string, password: string) =>
      String(at((await auth("authenticate", { name, password })).json, "token"));
    const root = await token("root", "r");
    try {
      const alice = { Authorization: await token("alice", "a") };
      const refused = error(403, 7, "etcdserver: permission denied");
      assert.deepEqual(await whole({}, { ...alice, ...BY_STATUS }), refused);
      assert.deepEqual(await whole({ start_revision: compacted }, { ...alice, ...BY_STATUS }), refused);
      const [line, ...more] = await watch({}, alice).rest();
      assert.deepEqual([at(line, "result", "created"), at(line, "result", "canceled"), more], [true, true, []]);
    } finally {
      await setup.post("/v3/auth/disable", {}, { Authorization: root });
    }
  });
});

test("only what comes before any response is told by a status", async (t) => {
  for (const accept of ["text/event-stream", "application/x-ndjson;refusals=status", 'a/b; q=1; refusals="status"']) {
    const session = new Session(t, WATCH, {}, { accept });
    assert.equal(session.etcd.waiting, 0, "the first request decides");
    session.create();
    const etcd = await session.opened();
    session.create({ watch_id: 3n });
    assert.equal((await asked(etcd)).length, 2);
    etcd.respond(news({ at: 10, created: true }));
    etcd.respond(news({ id: -1, at: 10, created: true, canceled: true, reason: "no" }));
    assert.equal(session.client.ends, 0);
    assert.equal(session.heard().length, 2);
  }
  const session = new Session(t, WATCH, {}, { accept: "application/json" });
  const etcd = await session.opened();
  session.create();
  etcd.respond(news({ id: -1, at: 10, created: true, canceled: true, reason: "no" }));
  assert.deepEqual([session.heard().length, session.client.error], [1, undefined]);
});

test("the check for compaction is given up with the call, and holds no one up if it fails", async (t) => {
  const session = new Session(t, WATCH, { refusals: "status" });
  session.create({ start_revision: 5n });
  const check = await session.etcd.nextUnary();
  session.create({ key: Buffer.from("second") });
  session.call.end();
  check.fail(cancelReasonError("rpc error: code = Unavailable desc = later"));
  const etcd = await session.opened();
  assert.deepEqual(await asked(etcd), [
    { create: { key: "k", start_revision: 5, progress_notify: true } },
    { create: { key: "second", progress_notify: true, watch_id: 1 } },
  ]);

  const other = new Session(t, WATCH, { refusals: "status" });
  other.create({ start_revision: 5n });
  const given = await other.etcd.nextUnary();
  other.call.cancel();
  await given.canceled;
});
