import type { Bench } from "../bench.js";
import { endedChildrenCpuTime } from "../machine/process-usage.js";
import { atMost } from "../report/goals.js";
import { milliseconds, plain } from "../report/numbers.js";
import { Rounds } from "../rounds.js";

const NAME = "npm run generate -- --check .";

/** The time to generate etcd's API. */
export const generation: Bench = {
  name: "generation",
  title: "Generation",
  about:
    "The time to generate all files of `generated/` from etcd's protos, including the start of npm. With `--check`, " +
    "the files are compared with the existing ones and not written.",
  isQuick: false,
  async run(lab) {
    const measures = await Rounds.take(lab.rounds, [{ name: NAME }], async () => {
      const [since, cpu] = [performance.now(), endedChildrenCpuTime()];
      await lab.children.run("npm", ["run", "generate", "--", "--check", "."]);
      return { wall: performance.now() - since, cpu: (endedChildrenCpuTime() - cpu) / 1000 };
    });
    const wall = measures.median(NAME, (measure) => measure.wall);
    return {
      tables: [
        {
          caption: "",
          columns: ["", "wall ms", "CPU ms"],
          rows: [[`\`${NAME}\``, plain(wall), plain(measures.median(NAME, ({ cpu }) => cpu))]],
        },
      ],
      goals: [atMost("generate etcd's API", 3000, wall, milliseconds)],
    };
  },
};
