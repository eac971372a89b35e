import { GatewayError, Status } from "@etcd-gateway/runtime";
import type { EtcdGateway } from "../etcd-gateway.js";
import { singleFlight } from "./single-flight.js";
import type { Versions } from "./versions.js";

/** What is read of a member's state. The API generated for an older etcd lacks the fields that came later. */
export interface MemberState {
  /** The member's etcd version, such as `3.7.1`. */
  readonly version: string;
  /** The ID of the leader; zero for none. */
  readonly leader: bigint;
  /** Alarms and the lack of a leader, as text. Since etcd 3.4. */
  readonly errors?: readonly string[];
  /** The version of the storage; empty if it is not known yet. Since etcd 3.6. */
  readonly storageVersion?: string;
}

/** What of a gateway is used to probe etcd. */
export type ProbedGateway = Pick<EtcdGateway, "client" | "publishedVersions">;

/** Any key will do: what counts is that etcd looks. */
const KEY = Buffer.from("health");

/**
 * What can be seen of etcd over gRPC. However many ask, each sign is one call at a time, and a short one. What the
 * member says that happens to answer holds for it; several endpoints may have members in different states.
 */
export class VitalSigns {
  /** The state of a member. Rejects with a GatewayError: newer versions want a token for it while etcd has users. */
  readonly status: () => Promise<MemberState>;
  /** Resolves if a member can read what it has; rejects with a GatewayError. */
  readonly serializableRead: () => Promise<void>;
  /** Resolves if the cluster agrees on a read, which takes a leader and a majority; rejects with a GatewayError. */
  readonly linearizableRead: () => Promise<void>;

  /** The versions that etcd tells everybody over HTTP; rejects if it does not. */
  readonly publishedVersions: () => Promise<Versions>;

  /** @param timeout how long a call may take, in milliseconds */
  constructor({ client, publishedVersions }: ProbedGateway, timeout: number) {
    const read = async (serializable: boolean): Promise<void> => {
      try {
        await client.kv.range({ key: KEY, limit: 1n, keys_only: true, serializable }, { timeout });
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    };
    this.status = singleFlight(() => client.maintenance.status({}, { timeout }));
    this.serializableRead = singleFlight(() => read(true));
    this.linearizableRead = singleFlight(() => read(false));
    this.publishedVersions = singleFlight(() => publishedVersions(timeout));
  }
}

/**
 * Whether etcd only refused to say, for want of a token or of rights. A read is refused after it has been made sure of, so
 * etcd's own probes take that for well.
 */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false;
  const { code, message } = error;
  return code === Status.PERMISSION_DENIED || message === "etcdserver: user name is empty";
}

/** The alarms that a member's state tells of, such as `NOSPACE`. */
export function alarmsOf({ errors = [] }: MemberState): readonly string[] {
  return errors.flatMap((text) => /\balarm:\s*(\w+)/.exec(text)?.[1] ?? []);
}

/** The minor version of an etcd 3: 4 of `3.4.23`. */
export function minorVersionOf({ version }: MemberState): number {
  return Number(/^3\.(\d+)/.exec(version)?.[1] ?? 0);
}
