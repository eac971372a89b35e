import assert from "node:assert/strict";
import type { Bench } from "../bench.js";
import { etcdItself, lean, leanServed, naive, standAlone } from "../contenders/gateways.js";
import { atLeast, atMost } from "../report/goals.js";
import { times } from "../report/numbers.js";
import { compareUnary } from "./compare/compare-unary.js";
import { fill } from "./fill.js";
import { postJson } from "./post-json.js";

const PATH = "/v3/kv/range";

/** A range of 1,000 keys. */
export const rangeThousand: Bench = {
  name: "range-1000",
  title: "Range of 1,000 keys",
  about: "Each request reads 1,000 keys with values of 100 bytes: 220 kB of JSON.",
  isQuick: true,
  async run(lab) {
    const etcd = await lab.startEtcd();
    const body = await fill(etcd, "bench/thousand", 1000, 100);
    const comparisons = await compareUnary(
      lab,
      etcd,
      lab.pick({
        full: [lean, standAlone, leanServed, etcdItself, naive],
        quick: [lean, standAlone, etcdItself, naive],
      }),
      {
        caption: "Range of 1,000 keys of 100 B",
        path: PATH,
        body,
        amount: { seconds: lab.pick({ full: 2, quick: 1 }) },
        warmUp: { requests: lab.pick({ full: 200, quick: 100 }) },
        connections: lab.pick({ full: [16, 64], quick: [16] }),
        check: await sameKeys(etcd.url, body, 1000),
      },
    );
    return {
      tables: comparisons.map(({ table }) => table),
      goals: comparisons.flatMap(({ connections, measures }) => [
        atLeast(
          `range of 1,000 keys over lean, req/s against etcd's own gateway, ${connections} connections`,
          1.6,
          measures.ratio(lean.name, etcdItself.name, ({ rate }) => rate),
          times,
        ),
        atLeast(
          `range of 1,000 keys over grpc-js, req/s against etcd's own gateway, ${connections} connections`,
          1,
          measures.ratio(standAlone.name, etcdItself.name, ({ rate }) => rate),
          times,
        ),
      ]),
    };
  },
};

/** A range of 10 MiB. */
export const rangeTenMebibytes: Bench = {
  name: "range-10mb",
  title: "Range of 10 MiB",
  about: "Each request reads 10,000 keys with values of 1 KiB: 15 MB of JSON.",
  isQuick: true,
  async run(lab) {
    const etcd = await lab.startEtcd();
    const body = await fill(etcd, "bench/mebibytes", 10_000, 1024);
    const comparisons = await compareUnary(
      lab,
      etcd,
      lab.pick({
        full: [lean, standAlone, leanServed, etcdItself, naive],
        quick: [lean, standAlone, etcdItself, naive],
      }),
      {
        caption: "Range of 10,000 keys of 1 KiB",
        path: PATH,
        body,
        amount: { requests: lab.pick({ full: 12, quick: 4 }) },
        warmUp: { requests: 4 },
        connections: lab.pick({ full: [4], quick: [2] }),
        check: await sameKeys(etcd.url, body, 10_000),
      },
    );
    return {
      tables: comparisons.map(({ table }) => table),
      goals: comparisons.flatMap(({ measures }) => [
        atMost(
          "range of 10 MiB over lean, CPU of gateway and etcd against etcd's own gateway",
          0.55,
          measures.ratio(lean.name, etcdItself.name, ({ both }) => both),
          times,
        ),
        atMost(
          "range of 10 MiB over grpc-js, CPU of gateway and etcd against etcd's own gateway",
          0.75,
          measures.ratio(standAlone.name, etcdItself.name, ({ both }) => both),
          times,
        ),
      ]),
    };
  },
};

/** Makes a check that a server's response equals etcd's own. */
async function sameKeys(etcdUrl: string, body: string, count: number): Promise<(url: string) => Promise<void>> {
  const expected = await postJson(etcdUrl + PATH, body);
  assert.equal(expected["count"], String(count));
  return async (url) => assert.deepEqual(await postJson(url + PATH, body), expected);
}
