import type { App } from "../app/app-context.js";
import {
  AlarmRequest_AlarmAction,
  AlarmType,
  type Member as MemberMessage,
  RpcError,
  type StatusResponse,
} from "../app/bundled-client.js";

/** A member of the cluster. */
export interface Member {
  readonly id: bigint;
  readonly name: string;
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
}

/** The status of a member. */
export interface Status {
  readonly memberId: bigint;
  readonly version: string;
  readonly dbSize: number;
  /** Zero for etcd before 3.4. */
  readonly dbSizeInUse: number;
  readonly leader: bigint;
  readonly raftIndex: bigint;
  readonly raftTerm: bigint;
  readonly revision: bigint;
  readonly errors: readonly string[];
}

/** A raised alarm. */
export interface Alarm {
  readonly memberId: bigint;
  readonly name: string;
}

/** The state of the cluster at one time. */
export interface Moment {
  /** The time in milliseconds since 1970. */
  readonly at: number;
  readonly clusterId: bigint;
  readonly members: readonly Member[];
  readonly status: Status;
  /** `undefined` if the user may not read the alarms. */
  readonly alarms: readonly Alarm[] | undefined;
  /**
   * How long a linearizable read took, in milliseconds; `undefined` if it failed. A majority must agree to such a read.
   */
  readonly readTime: number | undefined;
}

/** Reads the cluster's state. Different members may respond to the calls. */
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
    members: list.members.map(toMember),
    status: toStatus(status),
    alarms,
    readTime,
  };
}

// Fields that the API of etcd 3.3 and earlier lacks are optional below, since the page is also built with that API.

function toMember(member: MemberMessage & { readonly isLearner?: boolean }): Member {
  const { ID, name, clientURLs, isLearner = false } = member;
  return { id: ID, name, clientUrls: clientURLs, isLearner };
}

function toStatus(
  status: StatusResponse & { readonly dbSizeInUse?: bigint; readonly errors?: readonly string[] },
): Status {
  const { header, version, dbSize, dbSizeInUse = 0n, leader, raftIndex, raftTerm, errors = [] } = status;
  return {
    memberId: header?.member_id ?? 0n,
    version,
    dbSize: Number(dbSize),
    dbSizeInUse: Number(dbSizeInUse),
    leader,
    raftIndex,
    raftTerm,
    revision: header?.revision ?? 0n,
    errors,
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

/** Measures the time of a read. The key need not exist. An error about missing permission also counts as a response. */
async function timeOfRead(etcd: Etcd, signal: AbortSignal): Promise<number | undefined> {
  const begun = performance.now();
  try {
    await etcd.kv.range({ key: "health", count_only: true }, { signal, retries: 0, timeout: 5000 });
  } catch (error) {
    const isResponse =
      error instanceof RpcError &&
      (error.codeName === "PERMISSION_DENIED" || /user name is empty/.test(error.rawMessage));
    if (!isResponse) return undefined;
  }
  return performance.now() - begun;
}
