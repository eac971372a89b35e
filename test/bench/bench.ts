import type { Lab } from "./lab.js";
import type { Report } from "./report/report.js";

/** A workload that compares contenders. */
export interface Bench {
  /** The name for `npm run bench -- NAME`. */
  readonly name: string;
  readonly title: string;
  /** What the benchmark does, for readers of the results: sentences of Markdown. */
  readonly about: string;
  /** Whether the quick mode includes it. */
  readonly isQuick: boolean;
  run(lab: Lab): Promise<Report>;
}
