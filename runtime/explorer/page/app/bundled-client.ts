import type { Client } from "../../../etcd/client/index.js";

// The same module that apps import as `etcd-gateway/client`.
export * from "../../../etcd/client/index.js";

/** The page's etcd client. */
export type Etcd = Client<false>;
