/**
 * A client of etcd's HTTP/JSON API that works wherever `fetch` exists: browsers, Node.js, Deno, Bun and workers.
 *
 * @module
 */

export * from "@etcd-gateway/client";
export * from "../../../generated/client.js";
export { CompactedError } from "./canceled-watch.js";
export { type EtcdClientOptions, etcdChannel, etcdClient } from "./etcd-client.js";
export { type KeepAliveOptions, keepAlive } from "./keep-alive.js";
export { prefixEnd } from "./prefix-end.js";
export { type WatchNotice, type WatchOptions, watch } from "./watch.js";
