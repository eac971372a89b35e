import assert from "node:assert/strict";
import type { Bench } from "../bench.js";
import { etcdItself, lean, leanServed, naive, standAlone } from "../contenders/gateways.js";
import { atLeast } from "../report/goals.js";
import { times } from "../report/numbers.js";
import { compareUnary } from "./compare/compare-unary.js";
import { base64, postJson } from "./post-json.js";

const KEY = base64("bench/txn");
const VALUE = base64(Buffer.alloc(256, "value"));
const BODY = JSON.stringify({
  compare: [
    { key: KEY, target: "VERSION", result: "GREATER", version: "0" },
    { key: KEY, target: "CREATE", result: "GREATER", create_revision: "0" },
    { key: KEY, target: "VALUE", result: "EQUAL", value: VALUE },
  ],
  success: [
    { request_put: { key: base64("bench/txn-first"), value: VALUE } },
    { request_range: { key: KEY } },
    { request_put: { key: base64("bench/txn-second"), value: VALUE } },
  ],
});

/** Transactions: nested messages in both directions. */
export const txn: Bench = {
  name: "txn",
  title: "Transaction",
  about:
    "Each request is a transaction with three comparisons, which succeed, then two puts and a range, with values of " +
    "256 bytes.",
  isQuick: false,
  async run(lab) {
    const etcd = await lab.startEtcd();
    await postJson(`${etcd.url}/v3/kv/put`, JSON.stringify({ key: KEY, value: VALUE }));
    const expected = await transact(etcd.url);
    assert.equal(expected["succeeded"], true);
    const comparisons = await compareUnary(lab, etcd, [lean, standAlone, leanServed, etcdItself, naive], {
      caption: "Transaction of 3 comparisons and 3 operations",
      path: "/v3/kv/txn",
      body: BODY,
      amount: { seconds: 1 },
      warmUp: { requests: lab.pick({ full: 3000, quick: 2000 }) },
      connections: lab.pick({ full: [16, 64], quick: [64] }),
      async check(url) {
        assert.deepEqual(await transact(url), expected);
      },
    });
    return {
      tables: comparisons.map(({ table }) => table),
      goals: comparisons
        .filter(({ connections }) => connections === 64)
        .map(({ connections, measures }) =>
          atLeast(
            `transaction over lean, req/s against etcd's own gateway, ${connections} connections`,
            1.1,
            measures.ratio(lean.name, etcdItself.name, ({ rate }) => rate),
            times,
          ),
        ),
    };
  },
};

/** Returns the response without its headers, because their revisions increase. */
async function transact(url: string): Promise<Record<string, unknown>> {
  const answer = await postJson(`${url}/v3/kv/txn`, BODY);
  return JSON.parse(JSON.stringify(answer, (name, value: unknown) => (name === "header" ? undefined : value)));
}
