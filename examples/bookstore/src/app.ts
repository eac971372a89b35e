import { createGateway, type Gateway, grpcTransport } from "@etcd-gateway/runtime";
import express, { type Express } from "express";
import { services } from "../generated/index.js";

/**
 * Makes an Express app with the bookstore's API. A gRPC server at `endpoint` handles the calls. The caller closes the
 * gateway on shutdown.
 */
export function createApp(endpoint: string): { readonly app: Express; readonly gateway: Gateway } {
  const gateway = createGateway({ services, transport: grpcTransport({ endpoints: [endpoint] }) });
  const app = express();
  app.use(gateway.router);
  return { app, gateway };
}
