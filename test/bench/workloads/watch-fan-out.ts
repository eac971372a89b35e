import type { Bench } from "../bench.js";
import { etcdItself, lean, leanServed, naive, standAlone } from "../contenders/gateways.js";
import { atMost } from "../report/goals.js";
import { microseconds, times } from "../report/numbers.js";
import { compareWatches } from "./compare/compare-watches.js";

/** Many watches of the same key. */
export const watchFanOut: Bench = {
  name: "watch-fan-out",
  title: "Watch fan-out",
  about:
    "200 clients, each with its own connection, watch one key, which is written 50 times a second. Each client gets " +
    "each event as one message, in lines of JSON or as server-sent events.",
  isQuick: true,
  async run(lab) {
    const etcd = await lab.startEtcd();
    const lines = [lean, standAlone, etcdItself, naive].map((contender) => ({ name: contender.name, contender }));
    const more = [
      { name: `${lean.name}, server-sent events`, contender: lean, accept: "text/event-stream" },
      { name: leanServed.name, contender: leanServed },
    ];
    const { table, measures } = await compareWatches(lab, etcd, [...lines, ...lab.pick({ full: more, quick: [] })], {
      caption: "200 watches of one key, one event in each message",
      watchers: 200,
      writes: { key: "bench/fan-out", size: 64, puts: lab.pick({ full: 75, quick: 40 }), perSecond: 50 },
    });
    return {
      tables: [table],
      goals: [
        atMost(
          "watch fan-out over lean, gateway CPU per event",
          25,
          measures.median(lean.name, ({ gateway }) => gateway),
          microseconds,
        ),
        atMost(
          "watch fan-out over lean, CPU of gateway and etcd against etcd's own gateway",
          0.55,
          measures.ratio(lean.name, etcdItself.name, ({ gateway, etcd }) => gateway + etcd),
          times,
        ),
        atMost(
          "watch fan-out over grpc-js, gateway CPU per event",
          25,
          measures.median(standAlone.name, ({ gateway }) => gateway),
          microseconds,
        ),
      ],
    };
  },
};
