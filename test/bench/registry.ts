import type { Bench } from "./bench.js";
import { put } from "./workloads/put.js";
import { rangeTenMebibytes, rangeThousand } from "./workloads/range-many.js";
import { rangeOne } from "./workloads/range-one.js";
import { txn } from "./workloads/txn.js";
import { watchFanOut } from "./workloads/watch-fan-out.js";
import { watchFullRate } from "./workloads/watch-full-rate.js";

/** All benchmarks, in the order in which they run and are told of. */
export const benches: readonly Bench[] = [
  rangeOne,
  put,
  txn,
  rangeThousand,
  rangeTenMebibytes,
  watchFanOut,
  watchFullRate,
];
