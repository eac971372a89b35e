import assert from "node:assert/strict";
import { RangeRequest } from "../../../generated/messages/etcd/api/etcdserverpb/rpc.js";
import type { Bench } from "../bench.js";
import { expressFixed, grpcCalls, nodeHttp } from "../contenders/floors.js";
import { etcdItself, lean, leanMounted, leanServed, mounted, naive, standAlone } from "../contenders/gateways.js";
import { atLeast, atMost } from "../report/goals.js";
import { times } from "../report/numbers.js";
import { compareUnary } from "./compare/compare-unary.js";
import { base64, postJson } from "./post-json.js";

const PATH = "/v3/kv/range";
const KEY = "bench/one";

/** A range of one key: the cost of a request with little data. */
export const rangeOne: Bench = {
  name: "range-one",
  title: "Range of one key",
  about:
    "Each request reads a key with a value of 256 bytes. The floors show the minimum cost of three parts of the work.",
  isQuick: true,
  async run(lab) {
    const etcd = await lab.startEtcd();
    const value = base64(Buffer.alloc(256, "value"));
    await postJson(`${etcd.url}/v3/kv/put`, JSON.stringify({ key: base64(KEY), value }));
    const body = JSON.stringify({ key: base64(KEY) });
    const expected = await postJson(etcd.url + PATH, body);
    const { header, kvs, ...rest } = expected;
    assert.ok(header !== undefined && Array.isArray(kvs) && kvs[0].value === value, JSON.stringify(expected));
    assert.deepEqual(rest, { count: "1" });
    const answer = JSON.stringify(expected);
    const bareHttp = nodeHttp(answer);
    const floors = [
      grpcCalls(
        "/etcdserverpb.KV/Range",
        RangeRequest.encode(RangeRequest.fromPartial({ key: Buffer.from(KEY) })).finish(),
      ),
      bareHttp,
      expressFixed(PATH, answer),
    ];
    const comparisons = await compareUnary(
      lab,
      etcd,
      [
        lean,
        standAlone,
        etcdItself,
        naive,
        ...lab.pick({ full: [leanServed, leanMounted, mounted, ...floors], quick: [bareHttp] }),
      ],
      {
        caption: "Range of one key of 256 B",
        path: PATH,
        body,
        amount: { seconds: lab.pick({ full: 2, quick: 1 }) },
        warmUp: { requests: lab.pick({ full: 4000, quick: 2000 }) },
        connections: lab.pick({ full: [16, 64], quick: [64] }),
        async check(url) {
          assert.deepEqual(await postJson(url + PATH, body), expected);
        },
      },
    );
    return {
      tables: comparisons.map(({ table }) => table),
      goals: comparisons.flatMap(({ connections, measures }) => [
        atLeast(
          `range of one key over lean, req/s against etcd's own gateway, ${connections} connections`,
          connections === 16 ? 1.1 : 1.2,
          measures.ratio(lean.name, etcdItself.name, ({ rate }) => rate),
          times,
        ),
        atMost(
          `range of one key over lean, gateway CPU against grpc-js, ${connections} connections`,
          0.25,
          measures.ratio(lean.name, standAlone.name, ({ gateway }) => gateway),
          times,
        ),
        atMost(
          `range of one key over lean, gateway CPU against bare node:http, ${connections} connections`,
          2.5,
          measures.ratio(lean.name, bareHttp.name, ({ gateway }) => gateway),
          times,
        ),
        atMost(
          `range of one key over lean, CPU of gateway and etcd against etcd's own gateway, ${connections} connections`,
          0.75,
          measures.ratio(lean.name, etcdItself.name, ({ both }) => both),
          times,
        ),
        ...(lab.mode === "full"
          ? [
              atMost(
                `range of one key over lean, CPU in Express 5 with createHttpServer against the command, ${connections} connections`,
                1.5,
                measures.ratio(leanServed.name, lean.name, ({ gateway }) => gateway),
                times,
              ),
            ]
          : []),
        atLeast(
          `range of one key over grpc-js, req/s against etcd's own gateway, ${connections} connections`,
          0.4,
          measures.ratio(standAlone.name, etcdItself.name, ({ rate }) => rate),
          times,
        ),
        atMost(
          `range of one key over grpc-js, gateway CPU against naive, ${connections} connections`,
          0.45,
          measures.ratio(standAlone.name, naive.name, ({ gateway }) => gateway),
          times,
        ),
      ]),
    };
  },
};
