import type { Bench } from "./bench.js";
import { rangeOne } from "./workloads/range-one.js";

/** All benchmarks, in the order in which they run and are told of. */
export const benches: readonly Bench[] = [rangeOne];
