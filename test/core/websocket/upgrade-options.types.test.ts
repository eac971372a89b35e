import { createServer } from "node:http";
import { test } from "node:test";
import { createHttpServer, type Gateway } from "@etcd-gateway/runtime";
import express from "express";

declare const gateway: Gateway;

/** Never called: what counts is whether it compiles. */
function options(): void {
  const app = express();
  const server = createServer(app);
  gateway.handleUpgrades(server);
  gateway.handleUpgrades(createHttpServer(app), {});
  gateway.handleUpgrades(app.listen(8080), { path: "/etcd", pingInterval: 0 });

  // @ts-expect-error: the server is needed
  gateway.handleUpgrades();
  // @ts-expect-error: an app has no upgrades
  gateway.handleUpgrades(app);
  // @ts-expect-error: no such option
  gateway.handleUpgrades(server, { pingIntervall: 1 });
  // @ts-expect-error: a number
  gateway.handleUpgrades(server, { pingInterval: "30s" });
  // @ts-expect-error: one path
  gateway.handleUpgrades(server, { path: ["/etcd"] });
  // @ts-expect-error: undefined is no value, with exactOptionalPropertyTypes
  gateway.handleUpgrades(server, { path: undefined });
}

// A wrong type fails the type check, and so does an expected error that is none.
test("the options of handleUpgrades have exact types", () => void options);
