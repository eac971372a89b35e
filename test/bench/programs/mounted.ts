// The gateway in a plain Express app. Usage: mounted ENDPOINT
import { etcdGateway } from "etcd-gateway";
import express from "express";
import { announce } from "./announce.js";
import { argument } from "./arguments.js";

const gateway = etcdGateway({ endpoints: [argument(0)] });
const app = express();
app.use(gateway.router);
announce(app.listen(0, "127.0.0.1"));
