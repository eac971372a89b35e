import type { StatusResponse } from "../../../generated/messages/etcd/api/etcdserverpb/rpc.js";
import { jsonAnswer, type ProbeAnswer } from "./probe-answer.js";
import { minorVersionOf, type VitalSigns } from "./vital-signs.js";

/** What etcd answers under `/version`. */
interface Versions {
  readonly etcdserver: string;
  readonly etcdcluster: string;
  readonly storage?: string;
}

/**
 * Answers `/version`: the version of the member that answered, and that of the cluster. Over gRPC etcd does not say the
 * latter. Since 3.6 it says the version of the storage, which follows the cluster's; before, the member's minor version
 * is taken for it, which is too high while a cluster is upgraded member by member.
 *
 * @throws GatewayError if etcd cannot be asked
 */
export async function version({ status }: VitalSigns): Promise<ProbeAnswer> {
  return jsonAnswer(200, versionsOf(await status()));
}

function versionsOf(status: StatusResponse): Versions {
  const { version, storageVersion } = status;
  const minor = minorVersionOf(status);
  const cluster = storageVersion === "" ? `3.${minor}.0` : storageVersion;
  const versions = { etcdserver: version, etcdcluster: cluster };
  return minor < 6 ? versions : { ...versions, storage: storageVersion === "" ? "unknown" : storageVersion };
}
