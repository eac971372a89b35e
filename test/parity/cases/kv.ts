import { b64, type Case, call, cases, from } from "../parity-case.js";

const put = (key: string, value: string, more: object = {}) =>
  call("kv/put", { key: b64(key), value: b64(value), ...more });
const range = (key: string, more: object = {}) => call("kv/range", { key: b64(key), ...more });
const all = (prefix: string, more: object = {}) => range(`${prefix}/`, { range_end: b64(`${prefix}0`), ...more });
const three = (prefix: string) => [put(`${prefix}/a`, "3"), put(`${prefix}/b`, "1"), put(`${prefix}/c`, "2")];

/** Reads and writes of keys. */
export const kv: readonly Case[] = [
  ...cases("range", {
    "a missing key": range("none"),
    "no key": call("kv/range", {}),
    "an empty key with an end": call("kv/range", { range_end: b64("a") }),
    "a key": [put("r1", "v"), range("r1")],
    "an empty value": [put("r2", ""), range("r2")],
    "binary keys and values": [
      call("kv/put", { key: b64(Uint8Array.of(0, 255, 10, 13)), value: b64(Uint8Array.of(128, 0)) }),
      call("kv/range", { key: b64(Uint8Array.of(0, 255, 10, 13)) }),
    ],
    "a prefix": [...three("ra"), all("ra")],
    "every key from one on": [...three("zz"), range("zz/b", { range_end: b64("\0") })],
    "no keys between the same": [put("rb/a", "1"), range("rb/a", { range_end: b64("rb/a") })],
    "a range backwards": range("rb/z", { range_end: b64("rb/a") }),
    "keys only": [...three("rc"), all("rc", { keys_only: true })],
    "count only": [...three("rd"), all("rd", { count_only: true })],
    "a limit": [...three("re"), all("re", { limit: 2 }), all("re", { limit: "1" }), all("re", { limit: 0 })],
    "a negative limit": [...three("rf"), all("rf", { limit: -1 })],
    ...Object.fromEntries(
      ["NONE", "ASCEND", "DESCEND"].flatMap((order) =>
        ["KEY", "VERSION", "CREATE", "MOD", "VALUE"].map((target) => [
          `sorted ${order} by ${target}`,
          [...three(`s${order}${target}`), all(`s${order}${target}`, { sort_order: order, sort_target: target })],
        ]),
      ),
    ),
    "an order as a number": [...three("rg"), all("rg", { sort_order: 2, sortTarget: 4 })],
    "an order without keys": range("rg/none", { sort_order: "DESCEND" }),
    "an earlier revision": [
      put("rh", "1"),
      put("rh", "2"),
      call("kv/range", (seen) => ({ key: b64("rh"), revision: from(seen, 0, "header", "revision") })),
    ],
    "a revision as a number": [put("ri", "1"), call("kv/range", (s) => ({ key: b64("ri"), revision: s.revision + 1 }))],
    "a revision to come": range("ri", { revision: 1_000_000 }),
    "a negative revision": range("ri", { revision: "-5" }),
    "bounds on revisions": [
      ...three("rj"),
      call("kv/range", (s) => ({ key: b64("rj/"), range_end: b64("rj0"), min_mod_revision: s.revision + 2 })),
      call("kv/range", (s) => ({ key: b64("rj/"), range_end: b64("rj0"), max_create_revision: `${s.revision + 2}` })),
      call("kv/range", (s) => ({ key: b64("rj/"), range_end: b64("rj0"), maxModRevision: s.revision + 1 })),
      call("kv/range", (s) => ({ key: b64("rj/"), range_end: b64("rj0"), minCreateRevision: s.revision + 9 })),
    ],
    serializable: [put("rk", "1"), range("rk", { serializable: true })],
    "lowerCamel names": [...three("rl"), call("kv/range", { key: b64("rl/"), rangeEnd: b64("rl0"), keysOnly: true })],
    "an alias of the path": [put("rm", "1"), call("/v3beta/kv/range", { key: b64("rm") })],
    "an unknown field": range("rn", { nonsense: { deep: [1, 2, { x: null }] }, __proto__x: 1, constructor: 2 }),
    "names of Object's prototype": call(
      "kv/range",
      '{"key":"cm4=","__proto__":{"keys_only":true},"toString":1,"then":{}}',
    ),
    "a field in another case": range("ro", { KEYS_ONLY: true, Limit: 1 }),
  }),
  ...cases("put", {
    "no key": call("kv/put", { value: b64("v") }),
    nothing: call("kv/put"),
    again: [put("p1", "1"), put("p1", "2"), range("p1")],
    "the previous value": [put("p2", "1"), put("p2", "2", { prev_kv: true }), put("p2", "3", { prevKv: true })],
    "the previous value of a new key": put("p3", "1", { prev_kv: true }),
    "with a lease": [
      call("lease/grant", { ID: 1001, TTL: 600 }),
      put("p4", "1", { lease: 1001 }),
      put("p4b", "1", { lease: "1001" }),
      range("p4"),
    ],
    "with a lease that there is not": put("p5", "1", { lease: 404 }),
    "ignoring the value": [put("p6", "1"), call("kv/put", { key: b64("p6"), ignore_value: true }), range("p6")],
    "ignoring the value, with one": [put("p7", "1"), put("p7", "2", { ignore_value: true })],
    "ignoring the value of a missing key": call("kv/put", { key: b64("p8"), ignore_value: true }),
    "ignoring the lease": [
      call("lease/grant", { ID: 1002, TTL: 600 }),
      put("p9", "1", { lease: 1002 }),
      put("p9", "2", { ignore_lease: true }),
      range("p9"),
    ],
    "ignoring the lease, with one": put("p9", "2", { ignore_lease: true, lease: 5 }),
    "too large": call("kv/put", { key: b64("p10"), value: b64("x".repeat(1_600_000)) }),
    "text that is no ASCII": [put("schlüssel/日本", "😀"), range("schlüssel/日本")],
    "a megabyte": [put("p11", "x".repeat(1_000_000)), range("p11", { keys_only: true })],
  }),
  ...cases("delete", {
    "a missing key": call("kv/deleterange", { key: b64("none") }),
    "no key": call("kv/deleterange"),
    "a key": [put("d1", "1"), call("kv/deleterange", { key: b64("d1") }), range("d1")],
    "a prefix, with the values": [
      ...three("d2"),
      call("kv/deleterange", { key: b64("d2/"), range_end: b64("d20"), prev_kv: true }),
      all("d2"),
    ],
    "and create anew": [
      put("d3", "1"),
      put("d3", "2"),
      call("kv/deleterange", { key: b64("d3") }),
      put("d3", "3"),
      range("d3"),
    ],
  }),
  ...cases("txn", {
    nothing: call("kv/txn"),
    "only puts": [
      call("kv/txn", {
        success: [{ request_put: { key: b64("t1"), value: b64("1") } }, { requestPut: { key: b64("t2") } }],
      }),
      range("t1"),
    ],
    "compare and swap": [
      put("t3", "1"),
      call("kv/txn", swap("t3", { target: "VALUE", value: b64("1") }, "2")),
      call("kv/txn", swap("t3", { target: "VALUE", value: b64("1") }, "3")),
      range("t3"),
    ],
    ...Object.fromEntries(
      [
        { target: "VERSION", version: "0" },
        { target: "CREATE", create_revision: 0 },
        { target: "MOD", mod_revision: "0" },
        { target: "LEASE", lease: 0 },
        { target: 0, version: 0 },
        { target: "VALUE", value: b64("x") },
        { target: "VERSION" },
        { target: "VERSION", result: "GREATER", version: 0 },
        { target: "VERSION", result: "LESS", version: 1 },
        { target: "VERSION", result: "NOT_EQUAL", version: 1 },
        { target: "VERSION", result: 3, version: 1 },
        { target: "VERSION", value: b64("x") },
        { target: "MOD", createRevision: 5 },
      ].map((compare, i) => [
        `a missing key compared ${JSON.stringify(compare)}`,
        call("kv/txn", swap(`t4/${i}`, compare, "1")),
      ]),
    ),
    "every key of a range compared": [
      ...three("t5"),
      call("kv/txn", {
        compare: [{ key: b64("t5/"), range_end: b64("t50"), target: "VERSION", version: 1 }],
        success: [{ request_range: { key: b64("t5/"), rangeEnd: b64("t50"), count_only: true } }],
      }),
    ],
    failure: [
      call("kv/txn", {
        compare: [{ key: b64("t6"), target: "VERSION", version: 7 }],
        success: [{ request_put: { key: b64("t6"), value: b64("yes") } }],
        failure: [{ request_range: { key: b64("t6") } }, { request_delete_range: { key: b64("t6"), prev_kv: true } }],
      }),
    ],
    nested: call("kv/txn", {
      success: [{ request_txn: { success: [{ request_put: { key: b64("t7"), value: b64("1") } }], failure: [] } }],
    }),
    "nested twice": call("kv/txn", {
      success: [{ request_txn: { success: [{ requestTxn: { success: [{ request_range: { key: b64("t7") } }] } }] } }],
    }),
    "an empty nested one": call("kv/txn", { success: [{ request_txn: {} }] }),
    "the same key twice": call("kv/txn", {
      success: [{ request_put: { key: b64("t8") } }, { request_put: { key: b64("t8") } }],
    }),
    "a put into a deleted range": call("kv/txn", {
      success: [{ request_put: { key: b64("t9") } }, { request_delete_range: { key: b64("t"), range_end: b64("u") } }],
    }),
    "no key to compare": call("kv/txn", { compare: [{ target: "VERSION" }] }),
    "no key to put": call("kv/txn", { success: [{ request_put: {} }] }),
    "no key to range": call("kv/txn", { success: [{ request_range: {} }] }),
    "too many operations": call("kv/txn", {
      success: Array.from({ length: 129 }, (_, i) => ({ request_put: { key: b64(`t10/${i}`) } })),
    }),
    "as many operations as may be": call("kv/txn", {
      success: Array.from({ length: 128 }, (_, i) => ({ request_put: { key: b64(`t11/${i}`) } })),
    }),
    "an empty operation": call("kv/txn", { success: [{}] }),
    "an unknown operation": call("kv/txn", { success: [{ request_nothing: {} }] }),
    "an operation that is null": call("kv/txn", { success: [{ request_range: null }] }),
    "two operations in one": call("kv/txn", {
      success: [{ request_range: { key: b64("t12") }, request_put: { key: b64("t12"), value: b64("1") } }],
    }),
    ...Object.fromEntries(
      [
        { request_range: { key: b64("t14") }, request_put: null },
        { request_range: null, requestPut: { key: b64("t14") } },
        { requestRange: null, request_txn: null },
      ].map((operation) => [
        `null beside an operation: ${JSON.stringify(operation)}`,
        call("kv/txn", { success: [operation] }),
      ]),
    ),
    "null beside what is compared": call("kv/txn", {
      compare: [{ key: b64("t15"), target: "VERSION", version: 3, create_revision: null }],
    }),
    "two things to compare": call("kv/txn", { compare: [{ key: b64("t13"), version: 1, value: b64("1") }] }),
    "a comparison that is null": call("kv/txn", { compare: [null] }),
    "an operation that is no object": call("kv/txn", { success: ["x"] }),
    "operations that are no list": call("kv/txn", { success: { request_range: {} } }),
  }),
  ...cases("compaction", {
    nothing: call("kv/compaction"),
    "of the past": [
      ...three("c1"),
      call("kv/compaction", (s) => ({ revision: s.revision + 1 })),
      call("kv/compaction", (s) => ({ revision: s.revision + 1 })),
      call("kv/range", (s) => ({ key: b64("c1/a"), revision: s.revision })),
      call("kv/compaction", (s) => ({ revision: `${s.revision + 2}`, physical: true })),
    ],
    "of the future": call("kv/compaction", { revision: 1_000_000 }),
    "of a negative revision": call("kv/compaction", { revision: -1 }),
  }),
];

function swap(key: string, compare: object, value: string): object {
  return {
    compare: [{ key: b64(key), ...compare }],
    success: [{ request_put: { key: b64(key), value: b64(value) } }],
    failure: [{ request_range: { key: b64(key) } }],
  };
}
