// The gateway in a plain Express app that observes calls but not their messages.
// Usage: observed ENDPOINT observer|metrics|log|interceptor
import { createWriteStream } from "node:fs";
import { accessLog, type CallObserver, etcdGateway } from "etcd-gateway";
import { callMetrics } from "etcd-gateway/metrics";
import express from "express";
import { Registry } from "prom-client";
import { announce } from "./announce.js";
import { argument } from "./arguments.js";

/** An access log that formats lines of JSON and discards them. */
function logNothing(): CallObserver {
  const nowhere = createWriteStream("/dev/null");
  const write = (level: string) => (fields: object, msg: string) =>
    void nowhere.write(`${JSON.stringify({ time: Date.now(), level, msg, ...fields })}\n`);
  return accessLog({ info: write("info"), warn: write("warn"), error: write("error") });
}

const kind = argument(1);
const observers: Record<string, () => CallObserver> = {
  observer: () => ({ onStart() {}, onEnd() {} }),
  metrics: () => callMetrics(new Registry()),
  log: logNothing,
};
const observer = observers[kind]?.();
const gateway = etcdGateway({
  channel: "lean",
  endpoints: [argument(0)],
  ...(observer !== undefined && { observers: [observer] }),
  ...(kind === "interceptor" && { interceptors: { "*": () => {} } }),
});
const app = express();
app.use(gateway.router);
announce(app.listen(0, "127.0.0.1"));
