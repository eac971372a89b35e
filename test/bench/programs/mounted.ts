// The gateway in a plain Express app. Usage: mounted ENDPOINT grpc-js|lean listen|createHttpServer
import { createHttpServer } from "@etcd-gateway/runtime";
import { etcdGateway } from "etcd-gateway";
import express from "express";
import { announce } from "./announce.js";
import { argument } from "./arguments.js";

const gateway = etcdGateway({ endpoints: [argument(0)], channel: argument(1) === "lean" ? "lean" : "grpc-js" });
const app = express();
app.use(gateway.router);
announce(argument(2) === "listen" ? app.listen(0, "127.0.0.1") : createHttpServer(app).listen(0, "127.0.0.1"));
