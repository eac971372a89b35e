import { jsonAnswer, type ProbeAnswer } from "./probe-answer.js";
import type { Versions } from "./versions.js";
import { isRefusal, type MemberState, minorVersionOf, type VitalSigns } from "./vital-signs.js";

/**
 * Answers `/version`: the version of the member that answered, and that of the cluster. Over gRPC etcd does not say the
 * latter. Since 3.6 it says the version of the storage, which follows the cluster's; before, the member's minor version
 * is taken for it, which is too high while a cluster is upgraded member by member. Where etcd wants a token for its state,
 * what it tells over HTTP is passed on.
 *
 * @throws GatewayError if etcd cannot be asked
 */
export async function version(signs: VitalSigns): Promise<ProbeAnswer> {
  return jsonAnswer(200, await versionsFrom(signs));
}

async function versionsFrom({ status, publishedVersions }: VitalSigns): Promise<Versions> {
  try {
    return versionsOf(await status());
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return publishedVersions().catch(() => {
      throw error;
    });
  }
}

function versionsOf(status: MemberState): Versions {
  const { version, storageVersion = "" } = status;
  const minor = minorVersionOf(status);
  const cluster = storageVersion === "" ? `3.${minor}.0` : storageVersion;
  const versions = { etcdserver: version, etcdcluster: cluster };
  return minor < 6 ? versions : { ...versions, storage: storageVersion === "" ? "unknown" : storageVersion };
}
