import { promisify } from "node:util";
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from "@grpc/grpc-js";
import type { Service } from "../../../runtime/core/call/rpc.js";

/** A gRPC server that responds to each RPC with its requests, unchanged. */
export interface EchoServer {
  /** `host:port`. */
  readonly endpoint: string;
  stop(): void;
}

/** The number of copies of its request with which a server stream responds. */
const COPIES = 2;

/** Starts a server for all RPCs of the given services. */
export async function startEchoServer(services: readonly Service[]): Promise<EchoServer> {
  const server = new Server();
  for (const service of services) {
    const rpcs = Object.entries(service.rpcs);
    server.addService(
      Object.fromEntries(rpcs.map(([name, { method }]) => [name, { ...method, ...BYTES }])),
      Object.fromEntries(rpcs.map(([name, { method }]) => [name, HANDLERS[kindOf(method)]])),
    );
  }
  const bind = promisify(server.bindAsync.bind(server));
  const port = await bind("127.0.0.1:0", ServerCredentials.createInsecure());
  return { endpoint: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

const same = (bytes: Buffer): Buffer => bytes;
const BYTES = { requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same };

type Kind = keyof typeof HANDLERS;

function kindOf(method: { readonly requestStream: boolean; readonly responseStream: boolean }): Kind {
  if (method.requestStream) return method.responseStream ? "both" : "client";
  return method.responseStream ? "server" : "unary";
}

const HANDLERS = {
  unary(call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void {
    answer(null, call.request);
  },
  server(call: ServerWritableStream<Buffer, Buffer>): void {
    for (let i = 0; i < COPIES; i++) call.write(call.request);
    call.end();
  },
  /** Responds with all requests joined, which merges them into one message. */
  client(call: ServerReadableStream<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void {
    const requests: Buffer[] = [];
    call.on("data", (request: Buffer) => requests.push(request));
    call.on("end", () => answer(null, Buffer.concat(requests)));
  },
  both(call: ServerDuplexStream<Buffer, Buffer>): void {
    call.on("data", (request: Buffer) => call.write(request));
    call.on("end", () => call.end());
  },
};
