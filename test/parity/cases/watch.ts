import { b64, type Case, call, cases, stream, streamToEnd } from "../parity-case.js";

const put = (key: string, value: string, more: object = {}) =>
  call("kv/put", { key: b64(key), value: b64(value), ...more });
const create = (key: string, more: object = {}) => ({ create_request: { key: b64(key), ...more } });

/** Watches. HTTP/1.1 gives etcd's gateway one request body before the first response, so all of these look back. */
export const watch: readonly Case[] = [
  ...cases("watch", {
    created: stream("watch", create("w1"), 1),
    "created by lowerCamel": stream("watch", { createRequest: { key: b64("w1"), rangeEnd: b64("w2") } }, 1),
    "created twice": stream("watch", `${JSON.stringify(create("w1"))}${JSON.stringify(create("w2"))}`, 2),
    "created with an id": stream("watch", create("w1", { watch_id: 77 }), 1),
    "created with an id as text": stream("watch", create("w1", { watch_id: "78" }), 1),
    "created with the same id": stream(
      "watch",
      `${JSON.stringify(create("w1", { watch_id: 5 }))}${JSON.stringify(create("w1", { watch_id: 5 }))}`,
      2,
    ),
    "of the past": [
      put("w3", "1"),
      put("w3", "2"),
      call("kv/deleterange", { key: b64("w3") }),
      call("watch", (s) => create("w3", { start_revision: s.revision + 1 }), { stream: { take: 2, watchEnd: false } }),
    ],
    "of the past, with the previous": [
      put("w4", "1"),
      put("w4", "2"),
      call("watch", (s) => create("w4", { start_revision: s.revision + 2, prev_kv: true }), {
        stream: { take: 2, watchEnd: false },
      }),
    ],
    "of the past, without deletes": [
      put("w5", "1"),
      call("kv/deleterange", { key: b64("w5") }),
      put("w5", "2"),
      call("watch", (s) => create("w5", { start_revision: s.revision + 1, filters: ["NODELETE"] }), {
        stream: { take: 2, watchEnd: false },
      }),
    ],
    "of the past, without puts": [
      put("w6", "1"),
      call("kv/deleterange", { key: b64("w6") }),
      call("watch", (s) => create("w6", { start_revision: s.revision + 1, filters: [0] }), {
        stream: { take: 2, watchEnd: false },
      }),
    ],
    "of a prefix, in fragments": [
      put("w7/a", "1"),
      put("w7/b", "1"),
      call("watch", (s) => create("w7/", { range_end: b64("w70"), start_revision: s.revision + 1, fragment: true }), {
        stream: { take: 2, watchEnd: false },
      }),
    ],
    "with progress asked for": stream("watch", { progress_request: {} }, 1),
    canceled: streamToEnd("watch", `${JSON.stringify(create("w1"))}{"cancel_request":{"watch_id":0}}`, 2),
    "of what is compacted": [
      put("w8", "1"),
      put("w8", "2"),
      call("kv/compaction", (s) => ({ revision: s.revision + 2 })),
      streamToEnd("watch", create("w8", { start_revision: 1 }), 2),
    ],
    "of a negative revision": stream("watch", create("w9", { start_revision: -1 }), 1),
    "of a range backwards": stream("watch", create("wb", { range_end: b64("wa") }), 1),
    "of every key": stream("watch", { create_request: { range_end: b64("\0") } }, 1),
    "with an unknown filter": stream("watch", create("w1", { filters: ["NOTHING"] }), 1, { mayHang: true }),
    "with an unknown filter number": stream("watch", create("w1", { filters: [7] }), 1, { mayHang: true }),
    "of nothing": stream("watch", {}, 1, { mayHang: true }),
    "of a key without a request": stream("watch", { key: b64("w1") }, 1, { mayHang: true }),
    "with an empty body": stream("watch", "", 1, { mayHang: true }),
    "with a null body": stream("watch", "null", 1, { mayHang: true }),
    "with garbage": stream("watch", "garbage", 1, { mayHang: true }),
    "with a list": stream("watch", "[]", 1, { mayHang: true }),
    "with a wrong type": stream("watch", { create_request: { key: 5 } }, 1, { mayHang: true }),
    "with two requests in one": stream("watch", { ...create("w1"), cancel_request: { watch_id: 1 } }, 1, {
      mayHang: true,
    }),
    "of an empty creation": stream("watch", { create_request: {} }, 1),
    "with null for a filter": stream("watch", create("w1", { filters: [null] }), 1, { mayHang: true }),
    "with null beside the request": stream("watch", { ...create("w1"), cancel_request: null }, 1, { mayHang: true }),
    "created, then nothing, then created": stream(
      "watch",
      `${JSON.stringify(create("w1"))}{}${JSON.stringify(create("w2"))}`,
      2,
    ),
    "by GET": call("watch", "", { method: "GET" }),
  }),
];
