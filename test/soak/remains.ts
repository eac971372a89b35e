import type { EtcdCluster } from "../etcd-server/server.js";
import { base64, revisionOf } from "../http/etcd-json.js";
import { post } from "../http/requests.js";
import type { GatewayProcess, Resources } from "./gateway-process.js";

/** What the clients of a gateway have left at etcd and in the gateway's process. */
export interface Remains extends Resources {
  readonly watchers: number;
  readonly leases: number;
  /** The keys of locks and elections: of their owners, and of those who wait. */
  readonly locks: number;
}

/** Counts what is left, and asks etcd itself, not the gateway. What etcd does not tell is `NaN`. */
export async function countRemains({ members }: EtcdCluster, gateway: GatewayProcess): Promise<Remains> {
  const [member] = members;
  const metrics = await Promise.all(members.map((each) => each.metrics()));
  const count = async (path: string, body: object, of: (response: unknown) => number): Promise<number> => {
    const { status, json } = await post(`${member?.url}/v3/${path}`, body);
    return status === 200 ? of(json) : Number.NaN;
  };
  const keys = { key: base64("soak-"), range_end: base64("soak-~"), count_only: true };
  return {
    watchers: metrics.reduce((sum, each) => sum + (each.get("etcd_debugging_mvcc_watcher_total") ?? Number.NaN), 0),
    leases: await count("lease/leases", {}, (json) => Object(json).leases?.length ?? 0),
    locks: await count("kv/range", keys, (json) => Number(Object(json).count ?? 0)),
    ...(await gateway.resources()),
  };
}

/** Returns the revision of a cluster. */
export async function clusterRevision({ members }: EtcdCluster): Promise<number> {
  const { json } = await post(`${members[0]?.url}/v3/kv/range`, { key: base64("a") });
  return revisionOf(json);
}
