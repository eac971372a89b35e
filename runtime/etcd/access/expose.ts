import { IDEMPOTENT_RPCS } from "../api/rpc-lists.js";
import { RpcName } from "../api/rpc-names.js";
import type { Exposure } from "../options/etcd-gateway-options.js";

/** The RPCs that return a hash of the database. etcd reads the whole database for each of them. */
const COSTLY: readonly string[] = [RpcName.hash, RpcName.hashKv];

/**
 * The RPCs that change nothing and cost little, and the RPC to sign in. It leaves out snapshots, which contain the
 * hashes of passwords.
 */
const READ_ONLY = [
  ...IDEMPOTENT_RPCS.filter((rpc) => !COSTLY.includes(rpc)),
  RpcName.watch,
  RpcName.observe,
  RpcName.authenticate,
];

/**
 * Returns the names of the exposed services and RPCs, or `undefined` if everything is exposed.
 *
 * @param known whether the API has an RPC, because the API of an older etcd lacks some
 */
export function exposedNames(exposure: Exposure, known: (rpc: string) => boolean): readonly string[] | undefined {
  if (exposure === "all") return undefined;
  const names = exposure === "read-only" ? [exposure] : exposure;
  return names.flatMap((name) => (name === "read-only" ? READ_ONLY.filter(known) : [name]));
}
