import assert from "node:assert/strict";
import type { Bench } from "../bench.js";
import { etcdItself, lean, leanServed, naive, standAlone } from "../contenders/gateways.js";
import { atLeast } from "../report/goals.js";
import { times } from "../report/numbers.js";
import { compareUnary } from "./compare/compare-unary.js";
import { base64, postJson } from "./post-json.js";

const KEY = base64("bench/put");

/** Writes of one key. */
export const put: Bench = {
  name: "put",
  title: "Put",
  about:
    "Each request writes a value of 256 bytes to a key. etcd does not wait for a disk, because its data is in memory.",
  isQuick: false,
  async run(lab) {
    const etcd = await lab.startEtcd();
    const value = base64(Buffer.alloc(256, "value"));
    const body = JSON.stringify({ key: KEY, value });
    const comparisons = await compareUnary(lab, etcd, [lean, standAlone, leanServed, etcdItself, naive], {
      caption: "Put of 256 B",
      path: "/v3/kv/put",
      body,
      amount: { seconds: 1 },
      warmUp: { requests: lab.pick({ full: 3000, quick: 2000 }) },
      connections: lab.pick({ full: [16, 64], quick: [64] }),
      async check(url) {
        await postJson(`${etcd.url}/v3/kv/deleterange`, JSON.stringify({ key: KEY }));
        const { header, ...rest } = await postJson(`${url}/v3/kv/put`, body);
        assert.ok(header !== undefined);
        assert.deepEqual(rest, {});
        const { kvs } = await postJson(`${etcd.url}/v3/kv/range`, JSON.stringify({ key: KEY }));
        assert.ok(Array.isArray(kvs) && kvs[0].value === value, `${url} has not put the value`);
      },
    });
    return {
      tables: comparisons.map(({ table }) => table),
      goals: comparisons
        .filter(({ connections }) => connections === 64)
        .map(({ connections, measures }) =>
          atLeast(
            `put over lean, req/s against etcd's own gateway, ${connections} connections`,
            1.1,
            measures.ratio(lean.name, etcdItself.name, ({ rate }) => rate),
            times,
          ),
        ),
    };
  },
};
