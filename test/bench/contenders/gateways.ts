import { builtProgram, command, naiveMessages } from "../build.js";
import type { Contender } from "./contender.js";

/** This project's gateway as the `etcd-gateway` command, over grpc-js. */
export const standAlone: Contender = commandOver("grpc-js");

/** This project's gateway as the `etcd-gateway` command, over the lean channel. */
export const lean: Contender = commandOver("lean");

/** This project's gateway in an Express app that listens with `app.listen`, over grpc-js. */
export const mounted: Contender = appOver("grpc-js", "listen");

/** This project's gateway in an Express app that listens with `app.listen`, over the lean channel. */
export const leanMounted: Contender = appOver("lean", "listen");

/** This project's gateway in an Express app that `createHttpServer` serves, over the lean channel. */
export const leanServed: Contender = appOver("lean", "createHttpServer");

type Channel = "grpc-js" | "lean";

function commandOver(channel: Channel): Contender {
  return {
    name: `etcd-gateway, the command, ${channel}`,
    start: (children, etcd) =>
      children.serve(process.execPath, [
        command,
        "--endpoints",
        etcd.endpoint,
        "--listen",
        "127.0.0.1:0",
        "--channel",
        channel,
      ]),
  };
}

function appOver(channel: Channel, server: "listen" | "createHttpServer"): Contender {
  return {
    name: `in an Express 5 app, ${server === "listen" ? "app.listen" : server}, ${channel}`,
    start: (children, etcd) =>
      children.serve(process.execPath, [builtProgram("mounted"), etcd.endpoint, channel, server]),
  };
}

/** This project's gateway in an Express app, with an interceptor. */
export const intercepted: Contender = {
  name: "the same with an interceptor",
  start: (children, etcd) => children.serve(process.execPath, [builtProgram("intercepted"), etcd.endpoint]),
};

/** This project's gateway in Express apps that observe each call but not its messages. */
export const observed: readonly Contender[] = [
  observedBy("interceptor", "an interceptor of all RPCs"),
  observedBy("observer", "an empty observer"),
  observedBy("metrics", "metrics"),
  observedBy("log", "an access log"),
];

function observedBy(kind: string, what: string): Contender {
  return {
    name: `the same with ${what}`,
    start: (children, etcd) => children.serve(process.execPath, [builtProgram("observed"), etcd.endpoint, kind]),
  };
}

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
