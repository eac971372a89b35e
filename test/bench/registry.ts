import type { Bench } from "./bench.js";
import { codec } from "./workloads/codec.js";
import { features } from "./workloads/features.js";
import { generation } from "./workloads/generation.js";
import { growth } from "./workloads/growth.js";
import { put } from "./workloads/put.js";
import { rangeTenMebibytes, rangeThousand } from "./workloads/range-many.js";
import { rangeOne } from "./workloads/range-one.js";
import { silentMember } from "./workloads/silent-member.js";
import { slowReader } from "./workloads/slow-reader.js";
import { start } from "./workloads/start.js";
import { txn } from "./workloads/txn.js";
import { watchFanOut } from "./workloads/watch-fan-out.js";
import { watchFullRate } from "./workloads/watch-full-rate.js";

/** All benchmarks, in the order in which they run and are reported. */
export const benches: readonly Bench[] = [
  rangeOne,
  put,
  txn,
  rangeThousand,
  rangeTenMebibytes,
  watchFanOut,
  watchFullRate,
  slowReader,
  silentMember,
  features,
  growth,
  codec,
  start,
  generation,
];
