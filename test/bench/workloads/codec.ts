import { fileURLToPath } from "node:url";
import type { Bench } from "../bench.js";
import type { Measured } from "../codec.js";
import { atLeast } from "../report/goals.js";
import { plain, times } from "../report/numbers.js";

const PROGRAM = fileURLToPath(new URL("../codec.ts", import.meta.url));
const NODE_FLAGS = ["--expose-gc", "--conditions=@etcd-gateway/source", "--import", "tsx"];

/** Protobuf bytes to JSON text, without servers. */
export const codec: Bench = {
  name: "codec",
  title: "The codec alone",
  about:
    "Range responses are converted from protobuf bytes to JSON text, in one process: by the gateway's codec (direct), and by " +
    "ts-proto's messages and `JSON.stringify`, in turns. Figures are medians of 25 turns. Megabytes are those of the protobuf " +
    "bytes. `npm run bench:codec` runs only this benchmark.",
  isQuick: false,
  async run(lab) {
    const { output } = await lab.children.run(process.execPath, [...NODE_FLAGS, PROGRAM, "--json"]);
    const results: readonly Measured[] = JSON.parse(output);
    // Megabytes per second.
    const rate = (bytes: number, milliseconds: number) => plain(bytes / milliseconds / 1000);
    return {
      tables: [
        {
          caption: "",
          columns: ["response", "ts-proto, MB/s", "direct, MB/s", "times as fast", "direct, µs each"],
          rows: results.map(({ shape, bytes, messages, direct }) => [
            shape,
            rate(bytes, messages),
            rate(bytes, direct),
            times(messages / direct),
            plain(direct * 1000),
          ]),
        },
      ],
      goals: results.map(({ shape, messages, direct }) =>
        atLeast(`codec against ts-proto, ${shape}`, shape.endsWith("1 KiB") ? 9 : 5, messages / direct, times),
      ),
    };
  },
};
