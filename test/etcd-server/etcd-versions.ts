/** The minor versions of the real etcd servers that the tests use. */
export const ETCD_VERSIONS = ["3.4", "3.5"] as const;

/** The minor version of a real etcd server for tests. */
export type EtcdVersion = (typeof ETCD_VERSIONS)[number];

/** The version for the tests that use only one. The environment variable `ETCD_TEST_VERSION` replaces it. */
export const DEFAULT_VERSION: EtcdVersion = "3.4";

/** The version to download if any version will do, as for `npm start`. */
export const ANY_VERSION = "3.6";

/** Where a minor version of etcd comes from. */
export interface EtcdOrigin {
  /** The suites of Debian to search, beside that of the machine. */
  readonly suites: readonly string[];
  /** The official release. */
  readonly release: string;
}

/** Where each minor version of etcd comes from. */
export const ETCD_ORIGINS: Readonly<Record<string, EtcdOrigin>> = {
  "3.4": { suites: ["bookworm"], release: "3.4.45" },
  "3.5": { suites: ["trixie", "sid"], release: "3.5.33" },
  "3.6": { suites: [], release: "3.6.14" },
  "3.7": { suites: [], release: "3.7.1" },
};
