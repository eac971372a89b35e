import assert from "node:assert/strict";
import type { Bench } from "../bench.js";
import type { Contender } from "../contenders/contender.js";
import { intercepted, lean, leanMounted, observed } from "../contenders/gateways.js";
import type { Lab } from "../lab.js";
import { putUnderLoad } from "../load/load.js";
import { type Measure, measure } from "../load/measure.js";
import { plain, times } from "../report/numbers.js";
import type { Report, Table } from "../report/report.js";
import { Rounds } from "../rounds.js";
import { fill } from "./fill.js";
import { base64, postJson } from "./post-json.js";

const PATH = "/v3/kv/range";

/** The command, with text in place of base64. */
const asText: Contender = {
  name: "the same with ?bytes=text",
  async start(children, etcd) {
    const server = await lean.start(children, etcd);
    return {
      ...server,
      load: (load) => putUnderLoad(children, { ...load, url: `${load.url}?bytes=text`, body: textRequest(load.body) }),
    };
  },
};

function textRequest(body: string): string {
  return JSON.stringify(JSON.parse(body), (_, value: unknown) =>
    typeof value === "string" ? Buffer.from(value, "base64").toString() : value,
  );
}

function fromText(kvs: unknown): unknown {
  return JSON.parse(JSON.stringify(kvs), (name, value: unknown) =>
    (name === "key" || name === "value") && typeof value === "string" ? base64(value) : value,
  );
}

/** Groups of contenders: a baseline, followed by the features that are compared with it. */
const GROUPS: readonly (readonly [Contender, ...Contender[]])[] = [
  [lean, asText],
  [leanMounted, intercepted, ...observed],
];

/** The cost of text mode, interceptors and observers. */
export const features: Bench = {
  name: "features",
  title: "Text mode, interceptors and observers",
  about:
    "The cost of each of these for a request: `?bytes=text`, an interceptor that reads the messages, an interceptor " +
    "of all RPCs, which gets no messages, an observer that does nothing, metrics, and an access log that nobody " +
    "reads. The cost of server-sent events is under watch fan-out.",
  isQuick: false,
  async run(lab): Promise<Report> {
    return { tables: [await compare(lab, 1, 256, 3000), await compare(lab, 1000, 100, 200)], goals: [] };
  },
};

async function compare(lab: Lab, keys: number, size: number, warmUp: number): Promise<Table> {
  const etcd = await lab.startEtcd();
  const body = await fill(etcd, "bench/features", keys, size);
  const running = await lab.start(GROUPS.flat(), etcd);
  const { kvs: expected } = await postJson(etcd.url + PATH, body);
  assert.ok(Array.isArray(expected) && expected.length === keys);
  for (const { name, url } of running) {
    const isText = name === asText.name;
    const { kvs } = await postJson(`${url}${PATH}${isText ? "?bytes=text" : ""}`, isText ? textRequest(body) : body);
    assert.deepEqual(isText ? fromText(kvs) : kvs, expected, `${name} does not respond as etcd does`);
  }
  const work = { path: PATH, body, connections: 64 };
  await Rounds.take(1, running, (contender) =>
    measure(lab.children, contender, etcd, { ...work, amount: { requests: warmUp } }),
  );
  const measures = await Rounds.take(lab.rounds, running, (contender) =>
    measure(lab.children, contender, etcd, { ...work, amount: { seconds: 1 } }),
  );
  await lab.close();
  const gateway = (measure: Measure) => measure.gateway;
  return {
    caption: `Range of ${keys === 1 ? "one key" : `${keys.toLocaleString("en")} keys`} of ${size} B, 64 connections`,
    columns: ["", "req/s", "gateway CPU µs", "of the same without it"],
    rows: GROUPS.flatMap((group) =>
      group.map(({ name }) => [
        name,
        plain(measures.median(name, ({ rate }) => rate)),
        plain(measures.median(name, gateway)),
        name === group[0].name ? "" : times(measures.ratio(name, group[0].name, gateway)),
      ]),
    ),
  };
}
