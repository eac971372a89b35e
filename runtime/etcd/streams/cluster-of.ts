import { WireType } from "@bufbuild/protobuf/wire";
import { GatewayError, Status } from "@etcd-gateway/runtime";
import { OTHER_CLUSTER } from "../api/other-cluster.js";
import { WireScan } from "./wire-scan.js";

/** The numbers of the header in all responses of etcd, and of the cluster's id in it. */
const HEADER = 1;
const CLUSTER_ID = 1;

const scan = new WireScan();

/**
 * Returns the id of the cluster that sent a response, or 0 if the response does not tell it.
 *
 * @throws Error if the bytes are not a message.
 */
export function clusterOf(message: Uint8Array): bigint {
  scan.open(message, 0, message.length);
  while (scan.next()) {
    if (scan.field === HEADER && scan.type === WireType.LengthDelimited) {
      const end = scan.valueEnd();
      return clusterIn(message, scan.at, end);
    }
    scan.skip();
  }
  return 0n;
}

/** Returns the id in the header between two offsets. */
function clusterIn(message: Uint8Array, start: number, end: number): bigint {
  scan.open(message, start, end);
  while (scan.next()) {
    if (scan.field === CLUSTER_ID && scan.type === WireType.Varint) return scan.int64();
    scan.skip();
  }
  return 0n;
}

/**
 * Returns the error of a stream that cannot continue, because the connection leads to another cluster than before. What
 * its client knows, such as revisions and leases, means nothing there. The code is that of a compacted revision, because
 * the client has to do the same.
 */
export function otherCluster(): GatewayError {
  return new GatewayError(Status.OUT_OF_RANGE, OTHER_CLUSTER);
}
