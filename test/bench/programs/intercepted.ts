// The gateway in a plain Express app, with an interceptor that reads the request and the response.
// Usage: intercepted ENDPOINT
import { etcdGateway } from "etcd-gateway";
import express from "express";
import { announce } from "./announce.js";
import { argument } from "./arguments.js";

const gateway = etcdGateway({
  channel: "lean",
  endpoints: [argument(0)],
  interceptors: {
    kv: {
      async range(call, next) {
        if (call.request.key.length === 0) throw new Error("a key is wanted");
        const response = await next();
        if (response.header === undefined) throw new Error("a header is wanted");
        return response;
      },
    },
  },
});
const app = express();
app.use(gateway.router);
announce(app.listen(0, "127.0.0.1"));
