// Calls a gateway with the types that openapi-typescript generates from its description. Prints the results.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

const [baseUrl] = process.argv.slice(2);
const etcd = createClient<paths>({ baseUrl: `${baseUrl}/v3` });
const params = { query: { bytes: "text" } } as const;

const put = await etcd.POST("/kv/put", { params, body: { key: "color/sky", value: "blue" } });
console.log("put", put.response.status, typeof put.data?.header?.revision);

const request: components["schemas"]["etcdserverpb.RangeRequest"] = {
  key: "color/",
  range_end: "color0",
  sort_order: "DESCEND",
  limit: 5,
};
const range = await etcd.POST("/kv/range", { params, body: request });
const kvs: components["schemas"]["mvccpb.KeyValue"][] = range.data?.kvs ?? [];
for (const { key, value } of kvs) console.log("range", key satisfies string | undefined, value);

const txn = await etcd.POST("/kv/txn", {
  params,
  body: {
    compare: [{ key: "color/sky", target: "VALUE", value: "blue" }],
    success: [{ request_put: { key: "color/sky", value: "grey", prev_kv: true } }],
  },
});
console.log("txn", txn.data?.succeeded, txn.data?.responses?.[0]?.response_put?.prev_kv?.value);

const watch = await etcd.POST("/watch", {
  params,
  headers: { accept: "application/x-ndjson" },
  body: { create_request: { key: "color/sky", start_revision: String(put.data?.header?.revision) } },
  parseAs: "stream",
});
let lines = "";
for await (const chunk of watch.data ?? []) {
  lines += Buffer.from(chunk).toString();
  if (lines.includes("grey")) break;
}
console.log("watch", watch.response.status, /"value":"blue".*"value":"grey"/s.test(lines));

const missing = await etcd.POST("/lease/revoke", { body: { ID: "77" } });
console.log("revoke", missing.response.status, missing.error?.code, missing.error?.message);

// Requests that must not compile. None of them is sent.
const rejected = (): unknown => [
  // @ts-expect-error: no such path
  etcd.POST("/kv/rang", { body: {} }),
  // @ts-expect-error: no such field. (openapi-fetch accepts unknown fields of a body that is written inline.)
  { kee: "color" } satisfies components["schemas"]["etcdserverpb.RangeRequest"],
  // @ts-expect-error: a key is a string
  etcd.POST("/kv/range", { body: { key: 5 } }),
  // @ts-expect-error: no such name in the enum
  etcd.POST("/kv/range", { body: { sort_order: "UP" } }),
  // @ts-expect-error: no such form of bytes
  etcd.POST("/kv/range", { params: { query: { bytes: "hex" } }, body: {} }),
];
void rejected;
