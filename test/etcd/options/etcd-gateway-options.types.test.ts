import { test } from "node:test";
import { createClient, createGateway, grpcGatewayV1, type Transport } from "@etcd-gateway/runtime";
import { type EtcdGatewayOptions, etcdGateway, etcdProbes } from "etcd-gateway";
import type { Request } from "express";
import { services } from "../../../generated/index.js";

declare const transport: Transport;

/** Never called: what counts is whether it compiles. */
function options(): void {
  const endpoints = ["127.0.0.1:2379"];
  const all: Required<Omit<EtcdGatewayOptions, "tls" | "interceptors" | "metadata" | "onError">> = {
    endpoints,
    channel: "lean",
    dialect: { "/v3": "v1" },
    bytes: "text",
    access: { actAs: "gateway", credentials: { user: "a", password: "b" }, expose: ["read-only"], refusals: "status" },
    json: { unknownFields: "reject", trailingData: "ignore", textRevocation: [] },
    limits: { maxBody: 1, maxInFlight: 1, maxStreams: 1, maxSignIns: 1, maxWatches: 1, streamBuffer: 0 },
    timeouts: { unary: 0, body: 1, connect: 1, resume: 0 },
    browsers: { cors: "*", allowedHosts: ["a"] },
    streams: { eventSource: false, heartbeatInterval: 0 },
    forwardHeaders: ["X-Tenant-*"],
    observers: [{ onEnd: (call) => void call.rpc?.length }],
    responses: {
      error: ({ message }, { rpc }) => ({ status: 200, body: { message, rpc } }),
      success: ({ metadata, message }) => ({
        status: 201,
        headers: { "X-A": String(metadata.length), "X-B": Object.keys(message) },
      }),
      headerName: (key) => (key === "a" ? key : undefined),
      trailerName: () => undefined,
      unknownRoute: ({ httpStatus }, _req, res) => res.writeHead(httpStatus).end(),
    },
  };
  const gateway = etcdGateway(all);
  etcdGateway({
    endpoints,
    metadata: (req, rpc) => ({ [rpc]: req.url ?? "", "a-bin": Buffer.from("a"), b: undefined }),
  });
  etcdGateway<Request>({ endpoints, metadata: (req, _rpc, metadata) => [...metadata, ["ip", req.ip ?? ""]] });
  // @ts-expect-error: a number is no metadata
  etcdGateway({ endpoints, metadata: () => ({ a: 1 }) });
  // @ts-expect-error: a promise is no metadata
  etcdGateway({ endpoints, metadata: async () => [] });
  etcdProbes(gateway, { timeout: 1 });
  createGateway({ services, transport, dialect: grpcGatewayV1, timeouts: { rpcs: { "a.B.C": 0 } } });
  createClient(services, transport, { timeouts: { unary: 1 }, idempotent: ["a.B.C"] });

  // @ts-expect-error: endpoints are needed
  etcdGateway({});
  // @ts-expect-error: no such option
  etcdGateway({ endpoints, maxStreams: 1 });
  // @ts-expect-error: no such option of the group
  etcdGateway({ endpoints, limits: { maxStream: 1 } });
  // @ts-expect-error: undefined is no value, with exactOptionalPropertyTypes
  etcdGateway({ endpoints, limits: { maxStreams: undefined } });
  // @ts-expect-error: a number
  etcdGateway({ endpoints, limits: { maxStreams: "1" } });
  // @ts-expect-error: not both are there
  etcdGateway({ endpoints, access: { credentials: { user: "a" } } });
  // @ts-expect-error: the limits of etcd's RPCs are the gateway's own
  etcdGateway({ endpoints, timeouts: { rpcs: {} } });
  // @ts-expect-error: a hook is no promise
  etcdGateway({ endpoints, responses: { error: async () => ({ status: 200 }) } });
  // @ts-expect-error: nor has it more to say
  etcdGateway({ endpoints, responses: { success: () => ({ body: "x" }) } });
  // @ts-expect-error: a dialect, not the name of one
  createGateway({ services, transport, dialect: "v1" });
  // @ts-expect-error: the gateway knows its endpoints
  etcdProbes(gateway, { endpoints });
  // @ts-expect-error: a client alone has no versions to tell
  etcdProbes({ client: gateway.client });
}

// A wrong type fails the type check, and so does an expected error that is none.
test("options have exact types", () => void options);
