import type { EtcdServer } from "../../../etcd-server/server.js";
import type { Contender, RunningContender } from "../../contenders/contender.js";
import { etcdItself } from "../../contenders/gateways.js";
import type { Lab } from "../../lab.js";
import { Watchers } from "../../load/watchers.js";
import { cpuTime } from "../../machine/process-usage.js";
import type { Writes } from "../../programs/watchers.js";
import { plain, times } from "../../report/numbers.js";
import type { Table } from "../../report/report.js";
import { Rounds } from "../../rounds.js";

/** A contender, and the framing to request. */
export interface WatchContender {
  /** The name in tables. */
  readonly name: string;
  readonly contender: Contender;
  readonly accept?: string;
}

/** The watches and the writes of a comparison. */
export interface WatchWork {
  readonly caption: string;
  readonly watchers: number;
  readonly writes: Writes;
}

/** The cost of one turn. CPU times are microseconds per received event. */
export interface WatchMeasure {
  /** Events per second, of all watches together. */
  readonly rate: number;
  readonly gateway: number;
  readonly etcd: number;
  readonly load: number;
}

/** Checks that the contenders' watches receive every event in order, then measures the contenders in turns. */
export async function compareWatches(
  lab: Lab,
  etcd: EtcdServer,
  contenders: readonly WatchContender[],
  work: WatchWork,
): Promise<{ readonly measures: Rounds<WatchMeasure>; readonly table: Table }> {
  const servers = await lab.start([...new Set(contenders.map(({ contender }) => contender))], etcd);
  const running = contenders.map(({ name, contender, accept }) => {
    const server = servers.find((candidate) => candidate.name === contender.name);
    if (server === undefined) throw new Error(`${name} does not run`);
    return { ...server, name, ...(accept !== undefined && { accept }) };
  });
  const watchers = await Watchers.start(lab, etcd);
  for (const { url, accept } of running) {
    if (accept === undefined) await verify(watchers, url, work.writes);
  }
  const turn = (contender: Running) => measure(watchers, contender, etcd, work);
  await Rounds.take(1, running, turn);
  const measures = await Rounds.take(lab.rounds, running, turn);
  await Promise.all(servers.map((server) => server.stop?.()));
  return { measures, table: tableOf(work.caption, running, measures) };
}

type Running = RunningContender & { readonly accept?: string };

async function verify(watchers: Watchers, url: string, writes: Writes): Promise<void> {
  await watchers.open({ url, key: writes.key, watchers: 2, verify: true });
  await watchers.put({ ...writes, puts: 20 });
  await watchers.awaitEvents();
  await watchers.close();
}

async function measure(
  watchers: Watchers,
  { url, pid, accept }: Running,
  etcd: EtcdServer,
  { watchers: count, writes }: WatchWork,
): Promise<WatchMeasure> {
  await watchers.open({ url, key: writes.key, watchers: count, ...(accept !== undefined && { accept }) });
  const cpu = () => ({
    gateway: pid === undefined ? 0 : cpuTime(pid),
    etcd: cpuTime(etcd.pid),
    load: cpuTime(watchers.pid),
  });
  const before = cpu();
  const start = performance.now();
  await watchers.put(writes);
  await watchers.awaitEvents();
  const seconds = (performance.now() - start) / 1000;
  const after = cpu();
  await watchers.close();
  const events = count * writes.puts;
  return {
    rate: events / seconds,
    gateway: (after.gateway - before.gateway) / events,
    etcd: (after.etcd - before.etcd) / events,
    load: (after.load - before.load) / events,
  };
}

function tableOf(caption: string, running: readonly Running[], measures: Rounds<WatchMeasure>): Table {
  return {
    caption,
    columns: ["", "events/s", "gateway CPU µs per event", "etcd CPU µs", "both, of etcd's own", "load CPU µs"],
    rows: running.map(({ name, pid }) => [
      name,
      plain(measures.median(name, ({ rate }) => rate)),
      pid === undefined ? "in etcd" : plain(measures.median(name, ({ gateway }) => gateway)),
      plain(measures.median(name, ({ etcd }) => etcd)),
      times(measures.ratio(name, etcdItself.name, ({ gateway, etcd }) => gateway + etcd)),
      plain(measures.median(name, ({ load }) => load)),
    ]),
  };
}
