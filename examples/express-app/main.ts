/**
 * Runs the app of `app.ts`: `ETCD_ENDPOINTS=127.0.0.1:2379 PASSWORD=secret npx tsx examples/express-app/main.ts`. Then
 * log in as `ann` and use `/etcd/v3/...` with the cookie.
 */
import { closeServer, createHttpServer } from "etcd-gateway";
import { createApp } from "./app.js";

const endpoints = (process.env["ETCD_ENDPOINTS"] ?? "127.0.0.1:2379").split(",");
const password = process.env["PASSWORD"];
if (password === undefined) {
  console.error("set PASSWORD to the password of the user ann");
  process.exit(2);
}

const { app, gateway } = createApp({ endpoints, passwords: new Map([["ann", password]]) });
const server = createHttpServer(app).listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1", () => {
  console.log("listening on", server.address());
});

process.once("SIGTERM", () => closeServer(server, gateway));
