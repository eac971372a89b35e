import { auth } from "./cases/auth.js";
import { cluster } from "./cases/cluster.js";
import { concurrency } from "./cases/concurrency.js";
import { http } from "./cases/http.js";
import { json } from "./cases/json.js";
import { kv } from "./cases/kv.js";
import { lease } from "./cases/lease.js";
import { watch } from "./cases/watch.js";
import type { Case } from "./parity-case.js";

/** Every case. */
export const corpus: readonly Case[] = [
  ...http,
  ...json,
  ...kv,
  ...lease,
  ...watch,
  ...concurrency,
  ...cluster,
  ...auth,
];
