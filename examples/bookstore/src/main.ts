import { closeServer, createHttpServer } from "@etcd-gateway/runtime";
import { ServerCredentials } from "@grpc/grpc-js";
import { createApp } from "./app.js";
import { createGrpcServer } from "./grpc-server.js";

const grpcServer = createGrpcServer();
const grpcPort = await new Promise<number>((resolve, reject) => {
  grpcServer.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
    error === null ? resolve(port) : reject(error),
  );
});

const { app, gateway } = createApp(`127.0.0.1:${grpcPort}`);
const server = createHttpServer(app).listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  console.log(`http://127.0.0.1:${port}/v1/shelves`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    await closeServer(server, gateway);
    grpcServer.forceShutdown();
  });
}
