/** The minor versions of the real etcd servers that the tests use. */
export const ETCD_VERSIONS = ["3.4", "3.5"] as const;

/** The minor version of a real etcd server for tests. */
export type EtcdVersion = (typeof ETCD_VERSIONS)[number];
