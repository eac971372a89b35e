import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { Metadata, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { createGateway } from "../../../runtime/core/gateway/gateway.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import { listen } from "../../http/listen.js";
import { send } from "../../http/requests.js";
import { CHANNELS } from "../transport/channels.js";
import { notes } from "./notes.js";

/** A server that fails each call with metadata before and behind the error. */
async function startServer(): Promise<Server> {
  const bytes = { serialize: (value: Buffer) => value, deserialize: (value: Buffer) => value };
  const method = (path: string, responseStream: boolean) => ({
    path,
    requestStream: false,
    responseStream,
    requestSerialize: bytes.serialize,
    requestDeserialize: bytes.deserialize,
    responseSerialize: bytes.serialize,
    responseDeserialize: bytes.deserialize,
  });
  const metadataOf = (entries: Readonly<Record<string, string | Buffer>>): Metadata => {
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(entries)) metadata.add(key, value);
    return metadata;
  };
  const headers = { "x-id": "7", "blob-bin": Buffer.from("b") };
  const error = { code: status.ABORTED, details: "gone", metadata: metadataOf({ "x-end": "8" }) };
  const server = new Server();
  server.addService(
    { get: method("/test.Notes/Get", false), list: method("/test.Notes/List", true) },
    {
      get: (call: { sendMetadata(metadata: Metadata): void }, callback: (error: object) => void) => {
        call.sendMetadata(metadataOf(headers));
        callback(error);
      },
      list: (call: { sendMetadata(metadata: Metadata): void; emit(event: string, error: object): void }) => {
        call.sendMetadata(metadataOf(headers));
        call.emit("error", error);
      },
    },
  );
  return server;
}

for (const channel of CHANNELS) {
  test(`an error over gRPC has the call's headers and trailers, by ${channel}`, async (t) => {
    const server = await startServer();
    t.after(() => server.forceShutdown());
    const grpcPort = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
    const transport = grpcTransport({ channel, endpoints: [`127.0.0.1:${grpcPort}`] });
    const gateway = createGateway({ services: [notes], transport });
    t.after(() => gateway.close());
    const port = await listen(t, createServer(gateway.router));
    for (const path of ["/v1/notes/get", "/v1/notes/list"]) {
      const { status: code, headers, trailers } = await send(port, path, "{}", { headers: { TE: "trailers" } });
      assert.equal(code, 409, path);
      assert.deepEqual([headers["grpc-metadata-x-id"], headers["grpc-metadata-blob-bin"]], ["7", "Yg=="], path);
      assert.equal(trailers["grpc-trailer-x-end"], "8", path);
    }
  });
}
