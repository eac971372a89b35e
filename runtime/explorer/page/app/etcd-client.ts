// What apps import as `etcd-gateway/client`.
export * from "../../../etcd/client/index.js";
