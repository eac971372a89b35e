import { setTimeout as delay } from "node:timers/promises";
import type { Bench } from "../bench.js";
import { lean, naive, standAlone } from "../contenders/gateways.js";
import type { Lab } from "../lab.js";
import { Watchers } from "../load/watchers.js";
import { peakMemory, resetPeakMemory, residentMemory } from "../machine/process-usage.js";
import { atMost } from "../report/goals.js";
import { mebibytes } from "../report/numbers.js";
import { Rounds } from "../rounds.js";

const KEY = "bench/slow-reader";
const EVENT_SIZE = 100_000;
const EVENTS = 2000;

interface Measure {
  /**
   * Memory before the stall, and the additional peak memory while the reader stalls and while it catches up. All in
   * bytes.
   */
  readonly before: number;
  readonly stalled: number;
  readonly catchingUp: number;
}

/** A watch whose reader does not keep up. */
export const slowReader: Bench = {
  name: "slow-reader",
  title: "A reader that stalls",
  about:
    "A client reads a watch up to the end of 40 MB of events, and then stops reading. 200 MB more are written, in " +
    "events of 100 kB. When the client continues, etcd sends what it held back in messages of up to 1,000 revisions, " +
    "here 100 MB, and a gateway holds one message as a whole. The benchmark checks that each event arrives once and " +
    "in order. The table shows the memory of the gateway before the stall, and how much more it takes during the " +
    "stall and after it.",
  isQuick: false,
  async run(lab) {
    const measures = await Rounds.take(lab.rounds, [lean, standAlone, naive], (contender) => stall(lab, contender));
    const mib = (name: string, of: (measure: Measure) => number) => mebibytes(measures.median(name, of));
    return {
      tables: [
        {
          caption: "",
          columns: ["", "before, MiB", "more during the stall", "more after it"],
          rows: [lean, standAlone, naive].map(({ name }) => [
            name,
            mib(name, ({ before }) => before),
            mib(name, ({ stalled }) => stalled),
            mib(name, ({ catchingUp }) => catchingUp),
          ]),
        },
      ],
      goals: [
        ...[lean, standAlone].map(({ name }) =>
          atMost(
            `a reader that stalls, more memory during the stall: ${name}`,
            16 * 2 ** 20,
            measures.median(name, ({ stalled }) => stalled),
            (bytes) => `${mebibytes(bytes)} MiB`,
          ),
        ),
        atMost(
          "a reader that stalls, more memory after it: etcd-gateway, the command, lean",
          150 * 2 ** 20,
          measures.median(lean.name, ({ catchingUp }) => catchingUp),
          (bytes) => `${mebibytes(bytes)} MiB`,
        ),
      ],
    };
  },
};

/** Measures one turn with separate processes, because memory that earlier turns left as garbage would be used again. */
async function stall(lab: Lab, contender: typeof standAlone): Promise<Measure> {
  const etcd = await lab.startEtcd();
  const [server] = await lab.start([contender], etcd);
  if (server === undefined) throw new Error("nothing was started");
  const watchers = await Watchers.start(lab, etcd);
  const pid = server.pid ?? etcd.pid;
  const writes = { key: KEY, size: EVENT_SIZE, atOnce: 8 };
  await watchers.open({ url: server.url, key: KEY, watchers: 1, verify: true });
  await watchers.put({ ...writes, puts: EVENTS / 5 });
  await watchers.awaitEvents();

  await watchers.pause();
  resetPeakMemory(pid);
  const before = residentMemory(pid);
  await watchers.put({ ...writes, puts: EVENTS });
  await settled(pid);
  const stalled = peakMemory(pid) - before;
  resetPeakMemory(pid);
  await watchers.resume();
  await watchers.awaitEvents();
  const catchingUp = peakMemory(pid) - before;
  await lab.close();
  return { before, stalled, catchingUp };
}

/** Waits until a process's peak memory stops growing. */
async function settled(pid: number): Promise<void> {
  let last = -1;
  for (let peak = peakMemory(pid); peak !== last; peak = peakMemory(pid)) {
    last = peak;
    await delay(300);
  }
}
