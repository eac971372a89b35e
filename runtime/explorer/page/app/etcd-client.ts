import type { Client } from "../../../etcd/client/index.js";

// What apps import as `etcd-gateway/client`.
export * from "../../../etcd/client/index.js";

/** etcd, as the page speaks with it: by the client that everybody else uses. */
export type Etcd = Client<false>;
