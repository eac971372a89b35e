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

/** Counts what is left, and asks etcd itself, not the gateway. */
export async function countRemains({ members }: EtcdCluster, gateway: GatewayProcess): Promise<Remains> {
  const [member] = members;
  const metrics = await Promise.all(members.map((each) => each.metrics()));
  const ask = async (path: string, body: object): Promise<unknown> =>
    (await post(`${member?.url}/v3/${path}`, body)).json;
  const { leases = [] } = Object(await ask("lease/leases", {}));
  const keys = await ask("kv/range", { key: base64("soak-"), range_end: base64("soak-~"), count_only: true });
  return {
    watchers: metrics.reduce((sum, each) => sum + (each.get("etcd_debugging_mvcc_watcher_total") ?? 0), 0),
    leases: leases.length,
    locks: Number(Object(keys).count ?? 0),
    ...(await gateway.resources()),
  };
}

/** Returns the revision of a cluster. */
export async function clusterRevision({ members }: EtcdCluster): Promise<number> {
  const { json } = await post(`${members[0]?.url}/v3/kv/range`, { key: base64("a") });
  return revisionOf(json);
}
