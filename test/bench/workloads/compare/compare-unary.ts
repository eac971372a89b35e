import type { EtcdServer } from "../../../etcd-server/server.js";
import type { Contender, RunningContender } from "../../contenders/contender.js";
import { etcdItself, naive } from "../../contenders/gateways.js";
import type { Lab } from "../../lab.js";
import type { Load } from "../../load/load.js";
import { type Measure, measure } from "../../load/measure.js";
import { mebibytes, plain, times } from "../../report/numbers.js";
import type { Table } from "../../report/report.js";
import { Rounds } from "../../rounds.js";

/** A unary request that compares contenders. */
export interface UnaryWork {
  readonly caption: string;
  readonly path: string;
  readonly body: string;
  readonly amount: Load["amount"];
  readonly warmUp: Load["amount"];
  /** The numbers of connections to measure with. */
  readonly connections: readonly number[];
  /** Fails if a contender's response is wrong. */
  check(url: string): Promise<void>;
}

/** The result of a comparison with one number of connections. */
export interface Comparison {
  readonly connections: number;
  readonly measures: Rounds<Measure>;
  readonly table: Table;
}

/** Checks that the contenders' responses are correct, then measures the contenders in turns. */
export async function compareUnary(
  lab: Lab,
  etcd: EtcdServer,
  contenders: readonly Contender[],
  { path, body, amount, warmUp, connections, caption, check }: UnaryWork,
): Promise<readonly Comparison[]> {
  const running = await lab.start(contenders, etcd);
  const comparisons: Comparison[] = [];
  try {
    for (const contender of running) {
      if (contender.load === undefined) await check(contender.url);
    }
    const turn = (count: number, given: Load["amount"]) => (contender: RunningContender) =>
      measure(lab.children, contender, etcd, { path, body, connections: count, amount: given });
    await Rounds.take(1, running, turn(Math.min(...connections), warmUp));
    for (const count of connections) {
      const measures = await Rounds.take(lab.rounds, running, turn(count, amount));
      const title = `${caption}, ${count} connections`;
      comparisons.push({ connections: count, measures, table: tableOf(title, contenders, measures) });
    }
  } finally {
    await Promise.all(running.map((contender) => contender.stop?.()));
  }
  return comparisons;
}

function tableOf(caption: string, contenders: readonly Contender[], measures: Rounds<Measure>): Table {
  const names = contenders.map(({ name }) => name);
  const ratio = (name: string, other: Contender, of: (measure: Measure) => number) =>
    times(names.includes(other.name) ? measures.ratio(name, other.name, of) : undefined);
  return {
    caption,
    columns: [
      "",
      "req/s",
      "of etcd's own",
      "gateway CPU µs",
      "of naive",
      "etcd CPU µs",
      "both, of etcd's own",
      "load CPU µs",
      "p50 ms",
      "p99 ms",
      "peak MiB",
    ],
    rows: names.map((name) => [
      name,
      plain(measures.median(name, ({ rate }) => rate)),
      ratio(name, etcdItself, ({ rate }) => rate),
      name === etcdItself.name ? "in etcd" : plain(measures.median(name, ({ gateway }) => gateway)),
      name === etcdItself.name ? "–" : ratio(name, naive, ({ gateway }) => gateway),
      plain(measures.median(name, ({ etcd }) => etcd)),
      ratio(name, etcdItself, ({ both }) => both),
      plain(measures.median(name, ({ load }) => load)),
      plain(measures.median(name, ({ p50 }) => p50)),
      plain(measures.median(name, ({ p99 }) => p99)),
      mebibytes(measures.median(name, ({ peak }) => peak)),
    ]),
  };
}
