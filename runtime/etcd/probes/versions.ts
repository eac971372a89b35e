/** What etcd answers under `/version`. */
export interface Versions {
  /** That of the member that answered. */
  readonly etcdserver: string;
  /** That of the cluster: the lowest minor version of its members. */
  readonly etcdcluster: string;
  /** That of the member's storage. Since etcd 3.6. */
  readonly storage?: string;
}

/**
 * Reads versions as etcd writes them.
 *
 * @throws Error if the text is something else
 */
export function versionsIn(text: string): Versions {
  const { etcdserver, etcdcluster, storage }: Partial<Record<string, unknown>> = Object(JSON.parse(text));
  if (typeof etcdserver !== "string" || typeof etcdcluster !== "string") throw new Error("the answer is no version");
  return { etcdserver, etcdcluster, ...(typeof storage === "string" && { storage }) };
}
