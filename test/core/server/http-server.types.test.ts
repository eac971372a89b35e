import { ServerResponse } from "node:http";
import { test } from "node:test";
import { createHttpServer } from "@etcd-gateway/runtime";
import express from "express";
import express4 from "express4";

/** Never called: what counts is whether it compiles. */
function options(): void {
  const app = express();
  createHttpServer(app).listen(8080);
  createHttpServer(express4());
  createHttpServer((_req, res) => void res.end());
  createHttpServer(app, {
    tls: { cert: "a", key: "b", requestCert: true },
    http: { maxHeaderSize: 1, ServerResponse },
  });

  // @ts-expect-error: the app is needed
  createHttpServer();
  // @ts-expect-error: the app itself
  createHttpServer({ app });
  // @ts-expect-error: no such option
  createHttpServer(app, { https: { cert: "a" } });
  // @ts-expect-error: no such option of https.createServer
  createHttpServer(app, { tls: { certificate: "a" } });
  // @ts-expect-error: an option of HTTPS
  createHttpServer(app, { http: { cert: "a" } });
  // @ts-expect-error: a number
  createHttpServer(app, { http: { headersTimeout: "30s" } });
  // @ts-expect-error: the options of HTTPS, not whether there is HTTPS
  createHttpServer(app, { tls: true });
  // @ts-expect-error: undefined is no value, with exactOptionalPropertyTypes
  createHttpServer(app, { http: undefined });
}

// A wrong type fails the type check, and so does an expected error that is none.
test("the options of createHttpServer have exact types", () => void options);
