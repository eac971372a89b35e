import { builtProgram, command, naiveMessages } from "../build.js";
import type { Contender } from "./contender.js";

/** Our gateway as the `etcd-gateway` command. */
export const standAlone: Contender = {
  name: "etcd-gateway, the command",
  start: (children, etcd) =>
    children.serve(process.execPath, [command, "--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0"]),
};

/** Our gateway in an Express app. */
export const mounted: Contender = {
  name: "etcd-gateway in an Express 5 app",
  start: (children, etcd) => children.serve(process.execPath, [builtProgram("mounted"), etcd.endpoint]),
};

/** Our gateway in an Express app, with an interceptor. */
export const intercepted: Contender = {
  name: "the same with an interceptor",
  start: (children, etcd) => children.serve(process.execPath, [builtProgram("intercepted"), etcd.endpoint]),
};

/** The gateway that is a part of etcd. */
export const etcdItself: Contender = {
  name: "etcd's own gateway",
  start: async (_children, etcd) => ({ url: etcd.url }),
};

/** Express's JSON parser, ts-proto's JSON and its grpc-js client. */
export const naive: Contender = {
  name: "naive: express.json, ts-proto, grpc-js",
  start: (children, etcd) => children.serve(process.execPath, [builtProgram("naive"), etcd.endpoint, naiveMessages]),
};
