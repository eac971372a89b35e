import type { EtcdServer } from "../../etcd-server/server.js";
import type { Bench } from "../bench.js";
import type { Contender } from "../contenders/contender.js";
import { lean, standAlone } from "../contenders/gateways.js";
import type { Lab } from "../lab.js";
import { cpuTime, endedChildrenCpuTime, residentMemory } from "../machine/process-usage.js";
import { atMost } from "../report/goals.js";
import { mebibytes, milliseconds, plain } from "../report/numbers.js";
import { Rounds } from "../rounds.js";

interface Start {
  readonly name: string;
  readonly start: () => Promise<Measure>;
}

interface Measure {
  /** Milliseconds. */
  readonly wall: number;
  readonly cpu: number;
  /** The memory at the end, in bytes. 0 if the process has ended. */
  readonly memory: number;
}

/** The time until the command serves requests. */
export const start: Bench = {
  name: "start",
  title: "Start",
  about:
    "The time until the `etcd-gateway` command prints that it listens. For comparison: a Node.js process that does nothing " +
    "and ends, and an etcd with an empty store, until it is healthy.",
  isQuick: true,
  async run(lab) {
    const etcd = await lab.startEtcd();
    const nodeAlone = "node -e 0";
    const starts: readonly Start[] = [
      ...[lean, standAlone].map((command) => ({ name: command.name, start: () => startCommand(lab, command, etcd) })),
      {
        name: nodeAlone,
        async start() {
          const [since, cpu] = [performance.now(), endedChildrenCpuTime()];
          await lab.children.run(process.execPath, ["-e", "0"]);
          return { wall: performance.now() - since, cpu: (endedChildrenCpuTime() - cpu) / 1000, memory: 0 };
        },
      },
      {
        name: `etcd ${etcd.version}`,
        async start() {
          await etcd.kill("SIGKILL");
          const since = performance.now();
          await etcd.restart();
          const wall = performance.now() - since;
          return { wall, cpu: cpuTime(etcd.pid) / 1000, memory: residentMemory(etcd.pid) };
        },
      },
    ];
    const measures = await Rounds.take(lab.pick({ full: 9, quick: 3 }), starts, ({ start }) => start());
    return {
      tables: [
        {
          caption: "",
          columns: ["", "wall ms", "CPU ms", "memory MiB"],
          rows: starts.map(({ name }) => [
            name,
            plain(measures.median(name, ({ wall }) => wall)),
            plain(measures.median(name, ({ cpu }) => cpu)),
            name === nodeAlone ? "–" : mebibytes(measures.median(name, ({ memory }) => memory)),
          ]),
        },
      ],
      goals: [
        atMost(
          "start to listening, lean",
          200,
          measures.median(lean.name, ({ wall }) => wall),
          milliseconds,
        ),
        atMost(
          "start to listening, grpc-js",
          250,
          measures.median(standAlone.name, ({ wall }) => wall),
          milliseconds,
        ),
      ],
    };
  },
};

async function startCommand(lab: Lab, command: Contender, etcd: EtcdServer): Promise<Measure> {
  const since = performance.now();
  const { pid, stop } = await command.start(lab.children, etcd);
  const wall = performance.now() - since;
  if (pid === undefined) throw new Error("the command has no process");
  const measure = { wall, cpu: cpuTime(pid) / 1000, memory: residentMemory(pid) };
  await stop?.();
  return measure;
}
