import { createGateway, type Gateway, grpcTransport } from "@etcd-gateway/runtime";
import express, { type Express } from "express";
import { services } from "../generated/index.js";

/** An Express app with the bookstore's API, which a gRPC server at `endpoint` answers. Close the gateway in the end. */
export function createApp(endpoint: string): { readonly app: Express; readonly gateway: Gateway } {
  const gateway = createGateway({ services, transport: grpcTransport({ endpoints: [endpoint] }) });
  const app = express();
  app.use(gateway.router);
  return { app, gateway };
}
