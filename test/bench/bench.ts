import type { Lab } from "./lab.js";
import type { Report } from "./report/report.js";

/** A workload that contenders are compared by. */
export interface Bench {
  /** What `npm run bench -- NAME` calls it. */
  readonly name: string;
  readonly title: string;
  /** What is done, for the reader of the results: sentences of Markdown. */
  readonly about: string;
  /** Whether the quick mode runs it. */
  readonly isQuick: boolean;
  run(lab: Lab): Promise<Report>;
}
