import type { EtcdVersion } from "../../etcd-server/etcd-versions.js";
import { at, base64 } from "../../http/etcd-json.js";

/** The responses of a case's previous steps. */
export type Answers = readonly unknown[];

/** One request of a case, and what its response must contain. */
export interface CurlStep {
  /** The path without the API's version prefix. */
  readonly path: string;
  readonly body: object | ((answers: Answers) => object);
  /** The step whose response contains the token to send. */
  readonly as: number | undefined;
  /** For `stream`, lines of the response are read until the expected one. */
  readonly kind: "unary" | "stream";
  readonly expected: Expected;
}

/** The message of an error; or members that a response must have, or some of whose value it must have. */
export type Expected = { readonly error: string } | { readonly members: Readonly<Record<string, unknown>> };

/** A case: steps after which the server is ready for the next case. */
export interface CurlCase {
  readonly name: string;
  /** The newest RPC that the case needs. With an older API or server, the case does not exist. */
  readonly needs?: { readonly rpc: string; readonly since: EtcdVersion };
  /** The connections between clients, the gateway and etcd; `plain` by default. */
  readonly connections?: readonly Connection[];
  readonly steps: readonly CurlStep[];
}

/** `tls`: on both sides of the gateway. `client certificates`: etcd also requires one from the gateway. */
export type Connection = "plain" | "tls" | "client certificates";

const ANY = Symbol("any value");

/** Whether a value contains everything that is expected. */
export function matches(value: unknown, expected: unknown): boolean {
  if (expected === ANY) return value !== undefined;
  if (typeof expected !== "object" || expected === null) return value === expected;
  if (Array.isArray(expected)) {
    return (
      Array.isArray(value) &&
      value.length === expected.length &&
      expected.every((element, i) => matches(value[i], element))
    );
  }
  return Object.entries(expected).every(([name, member]) => matches(Reflect.get(Object(value), name), member));
}

const HEADER = { header: { revision: ANY } };

function step(path: string, body: CurlStep["body"], members: object = HEADER, as?: number): CurlStep {
  return { path, body, as, kind: "unary", expected: { members: { ...members } } };
}

function refused(path: string, body: CurlStep["body"], error: string): CurlStep {
  return { path, body, as: undefined, kind: "unary", expected: { error } };
}

function stream(path: string, body: CurlStep["body"], members: object): CurlStep {
  return { path, body, as: undefined, kind: "stream", expected: { members: { result: members } } };
}

const put = (key: string, value: string, more: object = {}) =>
  step("/kv/put", { key: base64(key), value: base64(value), ...more });
const user = (name: string, password: string, more: object = {}) => step("/auth/user/add", { name, password, ...more });
const role = (name: string) => step("/auth/role/add", { name });
const lease = (ID: string, TTL: number) => step("/lease/grant", { ID, TTL }, { ID });

const LEADER_MISSING = '"leader" field must be provided';
const PEER = "http://127.0.0.1:22380";
const NEW_PEER = "http://127.0.0.1:32380";

/** Returns the id of the member with an address. */
function memberAt(answers: Answers, list: number, address: string): object {
  const members = at(answers[list], "members");
  const member = Array.isArray(members) ? members.find((one) => matches(one, { peerURLs: [address] })) : undefined;
  return { ID: String(at(member, "ID")) };
}

/**
 * The requests of etcd's own end-to-end tests of its gateway in 3.4 to 3.7, except those about the number of streams.
 */
export const curlCases: readonly CurlCase[] = [
  {
    name: "a put and a get",
    connections: ["plain", "tls", "client certificates"],
    steps: [
      put("foo", "bar"),
      step("/kv/range", { key: base64("foo") }, { kvs: [{ key: base64("foo"), value: base64("bar") }], count: "1" }),
    ],
  },
  {
    name: "a watch of the past",
    steps: [
      put("watched", "bar"),
      stream(
        "/watch",
        { create_request: { key: base64("watched"), start_revision: 1 } },
        { events: [{ kv: { value: base64("bar") } }] },
      ),
    ],
  },
  {
    name: "a transaction, and a malformed one that has ended servers",
    steps: [
      step(
        "/kv/txn",
        {
          compare: [{ target: "CREATE", key: base64("compared"), create_revision: "0" }],
          success: [{ request_put: { key: base64("compared"), value: base64("bar") } }],
        },
        { succeeded: true, responses: [{ response_put: { header: { revision: ANY } } }] },
      ),
      refused(
        "/kv/txn",
        {
          compare: [{ result: 0, target: 1, key: base64("compared"), TargetUnion: null }],
          success: [{ Request: { RequestPut: { key: base64("compared"), value: base64("bar") } } }],
        },
        "etcdserver: key not found",
      ),
    ],
  },
  {
    name: "users added, changed, got, deleted and listed",
    steps: [
      user("user1", "123"),
      user("user2", "123"),
      user("user3", "123"),
      step("/auth/user/changepw", { name: "user1", password: "456" }),
      step("/auth/user/get", { name: "user1" }),
      refused("/auth/user/get", { name: "userX" }, "etcdserver: user name not found"),
      step("/auth/user/delete", { name: "user2" }),
      refused("/auth/user/delete", { name: "userX" }, "etcdserver: user name not found"),
      step("/auth/user/list", {}, { users: ["user1", "user3"] }),
      step("/auth/user/delete", { name: "user1" }),
      step("/auth/user/delete", { name: "user3" }),
    ],
  },
  {
    name: "a role granted to a user, and revoked",
    steps: [
      user("user4", "123"),
      role("role4"),
      step("/auth/user/grant", { user: "user4", role: "role4" }),
      step("/auth/user/revoke", { name: "user4", role: "role4" }),
      step("/auth/user/delete", { name: "user4" }),
      step("/auth/role/delete", { role: "role4" }),
    ],
  },
  {
    name: "roles added, got, deleted and listed",
    steps: [
      role("role1"),
      role("role2"),
      role("role3"),
      step("/auth/role/get", { role: "role1" }),
      refused("/auth/role/get", { role: "roleX" }, "etcdserver: role name not found"),
      step("/auth/role/delete", { role: "role2" }),
      refused("/auth/role/delete", { role: "roleX" }, "etcdserver: role name not found"),
      step("/auth/role/list", {}, { roles: ["role1", "role3"] }),
      step("/auth/role/delete", { role: "role1" }),
      step("/auth/role/delete", { role: "role3" }),
    ],
  },
  {
    name: "a permission granted to a role",
    steps: [role("role5"), step("/auth/role/grant", { name: "role5", perm: { key: base64("fakeKey") } })],
  },
  {
    name: "auth not to be enabled without root, and disabled",
    steps: [refused("/auth/enable", {}, "etcdserver: root user does not exist"), step("/auth/disable", {})],
  },
  {
    name: "the state of auth",
    needs: { rpc: "etcdserverpb.Auth.AuthStatus", since: "3.5" },
    steps: [step("/auth/status", {})],
  },
  {
    name: "a learner added, changed, not promoted, removed",
    steps: [
      step("/cluster/member/add", { peerURLs: [PEER], isLearner: true }, { member: { peerURLs: [PEER] } }),
      step("/cluster/member/list", {}, { members: [ANY, ANY] }),
      step("/cluster/member/update", (seen) => ({ ...memberAt(seen, 1, PEER), peerURLs: [NEW_PEER] }), {
        members: [ANY, ANY],
      }),
      refused(
        "/cluster/member/promote",
        (seen) => memberAt(seen, 1, PEER),
        "etcdserver: can only promote a learner member which is in sync with leader",
      ),
      step("/cluster/member/remove", (seen) => memberAt(seen, 1, PEER), { members: [ANY] }),
      step("/cluster/member/list", {}, { members: [ANY] }),
    ],
  },
  {
    name: "an election: campaign, observe, proclaim",
    steps: [
      step("/election/campaign", { name: base64("/election-prefix"), value: base64("v1") }, { leader: { name: ANY } }),
      stream("/election/observe", { name: base64("/election-prefix") }, { kv: { value: base64("v1") } }),
      step("/election/proclaim", (seen) => ({ leader: at(seen[0], "leader"), value: base64("v2") })),
      step("/election/resign", (seen) => ({ leader: at(seen[0], "leader") })),
    ],
  },
  {
    name: "an election: nobody to proclaim or to resign, no leader",
    steps: [
      refused("/election/proclaim", { value: base64("v2") }, LEADER_MISSING),
      refused("/election/resign", {}, LEADER_MISSING),
      refused("/election/leader", { name: base64("hello") }, "election: no leader"),
    ],
  },
  {
    name: "a lease granted, used and asked for",
    steps: [
      lease("7001", 0),
      step("/lease/grant", { ID: 0, TTL: 20 }, { TTL: "20" }),
      put("leased", "bar", { lease: "7001" }),
      step("/lease/timetolive", { ID: "7001", keys: true }, { grantedTTL: ANY, keys: [base64("leased")] }),
    ],
  },
  { name: "a lease revoked", steps: [lease("7002", 0), step("/lease/revoke", { ID: "7002" })] },
  { name: "a lease revoked at the older path", steps: [lease("7003", 0), step("/kv/lease/revoke", { ID: "7003" })] },
  {
    name: "a lease listed",
    steps: [lease("7004", 600), step("/lease/leases", {}, { leases: ANY })],
  },
  {
    name: "a lease kept alive",
    steps: [lease("7005", 0), stream("/lease/keepalive", { ID: "7005" }, { ID: "7005" })],
  },
  {
    name: "a lock taken and left",
    steps: [
      step("/lock/lock", { name: base64("lock1") }, { key: ANY }),
      step("/lock/unlock", (seen) => ({ key: at(seen[0], "key") })),
    ],
  },
  {
    name: "an alarm of no type raised, where servers bear it",
    needs: { rpc: "etcdserverpb.Maintenance.Alarm", since: "3.5" },
    steps: [
      step("/maintenance/alarm", { action: "ACTIVATE" }, {}),
      step("/maintenance/alarm", { action: "DEACTIVATE" }, {}),
    ],
  },
  {
    name: "the state of a server",
    steps: [
      step(
        "/maintenance/status",
        {},
        {
          version: ANY,
          dbSize: ANY,
          leader: ANY,
          raftIndex: ANY,
          raftTerm: ANY,
          raftAppliedIndex: ANY,
          dbSizeInUse: ANY,
        },
      ),
    ],
  },
  { name: "defragmentation", steps: [step("/maintenance/defragment", {}, {})] },
  { name: "the hash of the store", steps: [step("/maintenance/hash", {}, { header: ANY, hash: ANY })] },
  {
    name: "the hash of the keys",
    needs: { rpc: "etcdserverpb.Maintenance.HashKV", since: "3.5" },
    steps: [step("/maintenance/hashkv", {}, { header: ANY, hash: ANY, compact_revision: ANY })],
  },
  { name: "a snapshot", steps: [stream("/maintenance/snapshot", {}, { blob: ANY })] },
  {
    name: "leadership not to be given to nobody",
    steps: [refused("/maintenance/transfer-leadership", { targetID: 123 }, "etcdserver: bad leader transferee")],
  },
  {
    name: "no downgrade by two minor versions",
    needs: { rpc: "etcdserverpb.Maintenance.Downgrade", since: "3.5" },
    steps: [
      refused("/maintenance/downgrade", { action: 0, version: "3.0" }, "etcdserver: invalid downgrade target version"),
    ],
  },
  {
    // Must be last, because its users remain.
    name: "users who log in, and write",
    connections: ["plain", "client certificates"],
    steps: [
      user("root", "toor", { options: { no_password: false } }),
      user("nonroot", "pass", { options: { no_password: false } }),
      user("nooption", "pass"),
      role("root"),
      ...["root", "nonroot", "nooption"].map((name) => step("/auth/user/grant", { user: name, role: "root" })),
      step("/auth/enable", {}),
      refused("/kv/put", { key: base64("foo0"), value: base64("bar0") }, "etcdserver: user name is empty"),
      step("/auth/authenticate", { name: "root", password: "toor" }, { token: ANY }),
      step("/auth/authenticate", { name: "nonroot", password: "pass" }, { token: ANY }),
      step("/auth/authenticate", { name: "nooption", password: "pass" }, { token: ANY }),
      ...[9, 10, 11].map((login, i) =>
        step("/kv/put", { key: base64(`foo${i}`), value: base64(`bar${i}`) }, HEADER, login),
      ),
      step("/auth/disable", {}, HEADER, 9),
      ...["root", "nonroot", "nooption"].map((name) => step("/auth/user/delete", { name })),
      step("/auth/role/delete", { role: "root" }),
    ],
  },
];
