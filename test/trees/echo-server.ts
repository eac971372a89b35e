import { once } from "node:events";
import * as grpc from "@grpc/grpc-js";
import type { Service } from "../../runtime/core/index.js";

/** A gRPC server that responds to each message with the same bytes. */
export interface EchoServer {
  readonly endpoint: string;
  stop(): void;
}

/** Starts a server with these services. */
export async function startEchoServer(services: readonly Service[]): Promise<EchoServer> {
  const server = new grpc.Server();
  for (const { rpcs } of services) {
    for (const { method } of Object.values(rpcs)) server.addService(...echo(method));
  }
  const bound = server.bindAsync.bind(server, "127.0.0.1:0", grpc.ServerCredentials.createInsecure());
  const port = await new Promise<number>((resolve, reject) =>
    bound((error, port) => (error === null ? resolve(port) : reject(error))),
  );
  return { endpoint: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}

type Definition = grpc.ServiceDefinition<grpc.UntypedServiceImplementation>;

function echo(method: Service["rpcs"][string]["method"]): [Definition, grpc.UntypedServiceImplementation] {
  const same = (bytes: Buffer): Buffer => bytes;
  const definition: Definition = {
    call: {
      path: method.path,
      requestStream: method.requestStream,
      responseStream: method.responseStream,
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
    },
  };
  return [definition, { call: method.requestStream || method.responseStream ? echoStream : echoMessage }];
}

function echoMessage(call: grpc.ServerUnaryCall<Buffer, Buffer>, answer: grpc.sendUnaryData<Buffer>): void {
  answer(null, call.request);
}

async function echoStream(call: grpc.ServerDuplexStream<Buffer, Buffer>): Promise<void> {
  call.on("data", (bytes: Buffer) => call.write(bytes));
  await once(call, "end");
  call.end();
}
