import type { Bench } from "../bench.js";
import { etcdItself, lean, leanServed, naive, standAlone } from "../contenders/gateways.js";
import { compareWatches } from "./compare/compare-watches.js";

/** One watch of a key that is written at the maximum rate. */
export const watchFullRate: Bench = {
  name: "watch-full-rate",
  title: "One watch at full rate",
  about:
    "One client watches a key that 64 writers write as fast as etcd accepts it. etcd may send several events in one message. " +
    "etcd's CPU time includes the writes.",
  isQuick: false,
  async run(lab) {
    const etcd = await lab.startEtcd();
    const contenders = [lean, standAlone, leanServed, etcdItself, naive].map((contender) => ({
      name: contender.name,
      contender,
    }));
    const { table } = await compareWatches(lab, etcd, contenders, {
      caption: "One watch, 64 writers",
      watchers: 1,
      writes: { key: "bench/full-rate", size: 64, puts: lab.pick({ full: 5000, quick: 2000 }), atOnce: 64 },
    });
    return { tables: [table], goals: [] };
  },
};
