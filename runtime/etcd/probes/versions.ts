/** etcd's response to `/version`. */
export interface Versions {
  /** The version of the member that responded. */
  readonly etcdserver: string;
  /** The version of the cluster, which is the lowest minor version of its members. */
  readonly etcdcluster: string;
  /** The version of the member's storage. Since etcd 3.6. */
  readonly storage?: string;
}

/**
 * Reads versions in etcd's format.
 *
 * @throws Error if the text is not in that format
 */
export function versionsIn(text: string): Versions {
  const { etcdserver, etcdcluster, storage }: Partial<Record<string, unknown>> = Object(JSON.parse(text));
  if (typeof etcdserver !== "string" || typeof etcdcluster !== "string")
    throw new Error("the response is not a version");
  return { etcdserver, etcdcluster, ...(typeof storage === "string" && { storage }) };
}
