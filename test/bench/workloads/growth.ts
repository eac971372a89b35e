import { setTimeout as delay } from "node:timers/promises";
import type { Bench } from "../bench.js";
import { etcdItself, lean, naive, standAlone } from "../contenders/gateways.js";
import { type Measure, measure } from "../load/measure.js";
import { Watchers } from "../load/watchers.js";
import { residentMemory } from "../machine/process-usage.js";
import { plain } from "../report/numbers.js";
import { Rounds } from "../rounds.js";
import { fill } from "./fill.js";

const CONTENDERS = [lean, standAlone, etcdItself, naive];

/** The numbers of idle watches that are open during a measurement. */
const WATCHES: readonly number[] = [1, 100, 5000];
const CONNECTIONS = 5000;

/** The cost of idle watches and connections. */
export const growth: Bench = {
  name: "growth",
  title: "Growth",
  about:
    "The first table shows the CPU time of a range of one key, with 64 connections, while idle watches are open: " +
    "watches that get no events. The second table shows the memory of each of 5,000 idle watches, which have a " +
    "connection of their own, and of each of 5,000 idle connections, which have had one response. For etcd's own " +
    "gateway, this is the memory of etcd, and for the others the memory of their process.",
  isQuick: false,
  async run(lab) {
    const etcd = await lab.startEtcd();
    const body = await fill(etcd, "bench/growth", 1, 256);
    const running = await lab.start(CONTENDERS, etcd);
    const watchers = await Promise.all(running.map(() => Watchers.start(lab, etcd)));
    const turn = (seconds: number) => (contender: (typeof running)[number]) =>
      measure(lab.children, contender, etcd, { path: "/v3/kv/range", body, connections: 64, amount: { seconds } });
    await Rounds.take(2, running, turn(1));

    const byConnections = new Map<string, number>();
    const byWatches = new Map<string, number>();
    const costs = new Map<number, Rounds<Measure>>();
    for (const [index, { name, url, pid }] of running.entries()) {
      const held = () => residentMemory(pid ?? etcd.pid);
      const before = held();
      await watchers[index]?.connect(url, body, CONNECTIONS);
      await delay(1000);
      byConnections.set(name, (held() - before) / CONNECTIONS);
      await watchers[index]?.close();
    }
    for (const count of WATCHES) {
      for (const [index, { name, url, pid }] of running.entries()) {
        const before = residentMemory(pid ?? etcd.pid);
        await watchers[index]?.open({ url, key: "bench/quiet", watchers: count });
        await delay(1000);
        byWatches.set(name, (residentMemory(pid ?? etcd.pid) - before) / count);
      }
      costs.set(count, await Rounds.take(lab.rounds, running, turn(1)));
      await Promise.all(watchers.map((each) => each.close()));
    }
    const cost = (name: string, count: number) => costs.get(count)?.median(name, ({ both }) => both);
    const kibibytes = (bytes: number | undefined) => plain(bytes === undefined ? undefined : bytes / 1024);
    return {
      tables: [
        {
          caption: "CPU µs of gateway and etcd for each request, by the number of idle watches",
          columns: ["", ...WATCHES.map((count) => count.toLocaleString("en-US"))],
          rows: CONTENDERS.map(({ name }) => [name, ...WATCHES.map((count) => plain(cost(name, count)))]),
        },
        {
          caption: "Memory, KiB each",
          columns: ["", "idle watch", "idle connection"],
          rows: CONTENDERS.map(({ name }) => [
            name,
            kibibytes(byWatches.get(name)),
            kibibytes(byConnections.get(name)),
          ]),
        },
      ],
      goals: [],
    };
  },
};
