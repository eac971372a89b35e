import assert from "node:assert/strict";
import { test } from "node:test";
import { assertError, at, result } from "../../http/etcd-json.js";
import { onEachEtcd } from "../each-etcd.js";

onEachEtcd("Cluster", (setup) => {
  const list = async () => at((await setup.post("/v3/cluster/member/list")).json, "members");
  const peerURLs = ["http://127.0.0.1:9"];

  test("MemberList", async () => {
    const answer = await setup.post("/v3/cluster/member/list", { linearizable: true });
    const id = at(answer.json, "members", 0, "ID");
    assert.match(String(id), /^\d+$/);
    assert.deepEqual(result(answer), {
      members: [
        { ID: id, name: "m0", peerURLs: at(answer.json, "members", 0, "peerURLs"), clientURLs: [setup.etcd.url] },
      ],
    });
    assert.equal(at(answer.json, "header", "member_id"), id);
  });

  test("MemberAdd, MemberPromote and MemberRemove, of a learner that never starts", async () => {
    const members = await list();
    const added = await setup.post("/v3/cluster/member/add", { peerURLs, isLearner: true });
    const ID = at(added.json, "member", "ID");
    const learner = { ID, peerURLs, isLearner: true };
    assert.deepEqual(at(result(added), "member"), learner);
    assert.deepEqual(sorted(at(result(added), "members")), sorted([at(members, 0), learner]));

    const notInSync = "etcdserver: can only promote a learner member which is in sync with leader";
    assertError(await setup.post("/v3/cluster/member/promote", { ID }), 400, 9, notInSync);

    const removed = await setup.post("/v3/cluster/member/remove", { ID });
    assert.deepEqual(result(removed), { members });
    assert.deepEqual(await list(), members);
  });

  test("MemberUpdate", async () => {
    const [member] = sorted(await list());
    const moved = { ...Object(member), peerURLs: [...Object(member).peerURLs, ...peerURLs] };
    const update = ({ ID, peerURLs }: typeof moved) => setup.post("/v3/cluster/member/update", { ID, peerURLs });
    assert.deepEqual(result(await update(moved)), { members: [moved] });
    assert.deepEqual(result(await update(Object(member))), { members: [member] });
  });

  test("a member that is not there, with an id beyond 2^53 as a bare number", async () => {
    const body = '{"ID":18446744073709551615}';
    assertError(await setup.post("/v3/cluster/member/remove", body), 404, 5, "etcdserver: member not found");
    assertError(await setup.post("/v3/cluster/member/promote", body), 404, 5, "etcdserver: member not found");
    assertError(
      await setup.post("/v3/cluster/member/add", { peerURLs: ["nonsense"] }),
      400,
      3,
      "etcdserver: given member URLs are invalid",
    );
  });
});

function sorted(members: unknown): unknown[] {
  assert.ok(Array.isArray(members));
  return members.toSorted((a, b) => String(at(a, "ID")).localeCompare(String(at(b, "ID"))));
}
