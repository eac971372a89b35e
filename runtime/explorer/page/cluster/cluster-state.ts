import type { App } from "../app/app-context.js";
import { AlarmRequest_AlarmAction, AlarmType, RpcError } from "../app/etcd-client.js";

/** A member of the cluster. */
export interface Member {
  readonly id: bigint;
  readonly name: string;
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
}

/** What a member has said of itself. */
export interface Status {
  readonly memberId: bigint;
  readonly version: string;
  readonly dbSize: number;
  /** Zero before etcd 3.4. */
  readonly dbSizeInUse: number;
  readonly leader: bigint;
  readonly raftIndex: bigint;
  readonly raftTerm: bigint;
  readonly revision: bigint;
  readonly errors: readonly string[];
}

/** An alarm that is raised. */
export interface Alarm {
  readonly memberId: bigint;
  readonly name: string;
}

/** The cluster as it was at a moment. */
export interface Moment {
  /** When, in milliseconds. */
  readonly at: number;
  readonly clusterId: bigint;
  readonly members: readonly Member[];
  readonly status: Status;
  /** `undefined`: who asks may not know. */
  readonly alarms: readonly Alarm[] | undefined;
  /** How long a read took that a majority has to agree to, in milliseconds; `undefined`: it failed. */
  readonly readTime: number | undefined;
}

/** Asks for the cluster's state. Each call may be answered by another member. */
export async function readMoment({ etcd, exposure }: App, signal: AbortSignal): Promise<Moment> {
  const options = { signal };
  const [list, status, alarms, readTime] = await Promise.all([
    etcd.cluster.memberList({}, options),
    etcd.maintenance.status({}, options),
    exposure.can("Maintenance_Alarm") ? readAlarms(etcd, signal) : undefined,
    timeOfRead(etcd, signal),
  ]);
  return {
    at: Date.now(),
    clusterId: list.header?.cluster_id ?? 0n,
    members: list.members.map(({ ID, name, clientURLs, isLearner }) => ({
      id: ID,
      name,
      clientUrls: clientURLs,
      isLearner,
    })),
    status: {
      memberId: status.header?.member_id ?? 0n,
      version: status.version,
      dbSize: Number(status.dbSize),
      dbSizeInUse: Number(status.dbSizeInUse),
      leader: status.leader,
      raftIndex: status.raftIndex,
      raftTerm: status.raftTerm,
      revision: status.header?.revision ?? 0n,
      errors: status.errors,
    },
    alarms,
    readTime,
  };
}

type Etcd = App["etcd"];

async function readAlarms(etcd: Etcd, signal: AbortSignal): Promise<readonly Alarm[] | undefined> {
  try {
    const { alarms } = await etcd.maintenance.alarm({ action: AlarmRequest_AlarmAction.GET }, { signal });
    return alarms.map(({ memberID, alarm }) => ({
      memberId: memberID,
      name: Object.entries(AlarmType).find(([, number]) => number === alarm)?.[0] ?? String(alarm),
    }));
  } catch (error) {
    if (error instanceof RpcError && error.httpStatus !== undefined) return undefined;
    throw error;
  }
}

/** Reads a key that need not be there. To be told that one may not read it is an answer, too. */
async function timeOfRead(etcd: Etcd, signal: AbortSignal): Promise<number | undefined> {
  const begun = performance.now();
  try {
    await etcd.kv.range({ key: "health", count_only: true }, { signal, retries: 0, timeout: 5000 });
  } catch (error) {
    const isAnswer =
      error instanceof RpcError &&
      (error.codeName === "PERMISSION_DENIED" || /user name is empty/.test(error.rawMessage));
    if (!isAnswer) return undefined;
  }
  return performance.now() - begun;
}
