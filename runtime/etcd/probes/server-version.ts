import { jsonResponse, type WholeResponse } from "../whole-response.js";
import type { Versions } from "./versions.js";
import { isRefusal, type MemberState, minorVersionOf, type VitalSigns } from "./vital-signs.js";

/**
 * Responds to `/version` with the version of the member that responds and the version of the cluster. etcd does not
 * return the latter over gRPC. Since 3.6 it returns the version of the storage, which follows the version of the
 * cluster. For older versions, the member's minor version is used instead, which is too high while a cluster is
 * upgraded member by member. If etcd requires a token for its status, the versions that it publishes over HTTP are
 * used.
 *
 * @throws GatewayError if etcd cannot be reached
 */
export async function version(signs: VitalSigns): Promise<WholeResponse> {
  return jsonResponse(200, await versionsFrom(signs));
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
