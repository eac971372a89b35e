import { type Client, GatewayError, Status } from "@etcd-gateway/runtime";
import type { services } from "../../../generated/index.js";
import { singleFlight } from "../single-flight.js";
import type { Versions } from "./versions.js";

/** The part of a member's status that probes use. The API of an older etcd lacks the fields that were added later. */
export interface MemberState {
  /** The member's etcd version, such as `3.7.1`. */
  readonly version: string;
  /** The ID of the leader, or zero if there is none. */
  readonly leader: bigint;
  /** Alarms and a missing leader, as text. Since etcd 3.4. */
  readonly errors?: readonly string[];
  /** The version of the storage, or empty if it is not known yet. Since etcd 3.6. */
  readonly storageVersion?: string;
}

/** The part of a gateway that probes use. */
export interface ProbedGateway {
  readonly client: Pick<Client<typeof services>, "kv" | "maintenance">;
  readonly publishedVersions: (timeout: number) => Promise<Versions>;
}

/** The key to read. Any key works, because only the read itself matters. */
const KEY = Buffer.from("health");

/**
 * The state of etcd as seen over gRPC. At most one short call per method is in progress, for any number of callers. The
 * result describes the member that responded; if there are several endpoints, their members may be in different states.
 */
export class VitalSigns {
  /**
   * Returns the status of a member. Rejects with a GatewayError, for example if a newer version requires a token
   * because authentication is enabled.
   */
  readonly status: () => Promise<MemberState>;
  /** Resolves if a member can read its own data. Rejects with a GatewayError otherwise. */
  readonly serializableRead: () => Promise<void>;
  /**
   * Resolves if the cluster can agree on a read, which requires a leader and a majority. Rejects with a GatewayError
   * otherwise.
   */
  readonly linearizableRead: () => Promise<void>;

  /** Returns the versions that etcd publishes over HTTP. Rejects if it publishes none. */
  readonly publishedVersions: () => Promise<Versions>;

  /** @param timeout the time limit of a call, in milliseconds */
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
 * Whether etcd refused only because a token or a permission is missing. etcd refuses a read after it has made sure that
 * it could serve it, so its own probes count such a refusal as success.
 */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false;
  const { code, message } = error;
  return code === Status.PERMISSION_DENIED || message === "etcdserver: user name is empty";
}

/** Returns the names of the active alarms in a member's status, such as `NOSPACE`. */
export function alarmsOf({ errors = [] }: MemberState): readonly string[] {
  return errors.flatMap((text) => /\balarm:\s*(\w+)/.exec(text)?.[1] ?? []);
}

/** Returns the minor version of an etcd 3, e.g. 4 for `3.4.23`. */
export function minorVersionOf({ version }: MemberState): number {
  return Number(/^3\.(\d+)/.exec(version)?.[1] ?? 0);
}
