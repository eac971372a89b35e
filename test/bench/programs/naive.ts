// A typical design without a gateway: Express's JSON parser, ts-proto's JSON, the generated grpc-js client.
// Usage: naive ENDPOINT MESSAGES, where MESSAGES is the URL of ts-proto's module for etcd's rpc.proto.
import type { ChannelCredentials, ClientDuplexStream, ServiceError } from "@grpc/grpc-js";
import { credentials } from "@grpc/grpc-js";
import express, { type Response } from "express";
import { announce } from "./announce.js";
import { argument } from "./arguments.js";

interface Message<T> {
  fromJSON(json: unknown): T;
  toJSON(message: T): unknown;
}

type Unary<Req, Res> = (request: Req, callback: (error: ServiceError | null, response: Res) => void) => unknown;

/** A client class that ts-proto generates. */
type ClientClass<Client> = new (
  address: string,
  credentials: ChannelCredentials,
  options: { readonly [name: string]: number },
) => Client;

/** The parts of ts-proto's module that this program uses. Its messages are opaque here. */
interface Rpc {
  readonly RangeRequest: Message<"RangeRequest">;
  readonly RangeResponse: Message<"RangeResponse">;
  readonly PutRequest: Message<"PutRequest">;
  readonly PutResponse: Message<"PutResponse">;
  readonly TxnRequest: Message<"TxnRequest">;
  readonly TxnResponse: Message<"TxnResponse">;
  readonly WatchRequest: Message<"WatchRequest">;
  readonly WatchResponse: Message<"WatchResponse">;
  readonly KVClient: ClientClass<{
    readonly range: Unary<"RangeRequest", "RangeResponse">;
    readonly put: Unary<"PutRequest", "PutResponse">;
    readonly txn: Unary<"TxnRequest", "TxnResponse">;
  }>;
  readonly WatchClient: ClientClass<{ watch(): ClientDuplexStream<"WatchRequest", "WatchResponse"> }>;
}

const rpc: Rpc = await import(argument(1));
// The default of 4 MiB is too small for large ranges.
const options = { "grpc.max_receive_message_length": -1 };
const kv = new rpc.KVClient(argument(0), credentials.createInsecure(), options);
const watches = new rpc.WatchClient(argument(0), credentials.createInsecure(), options);

function answer<T>(res: Response, type: Message<T>): (error: ServiceError | null, response: T) => void {
  return (error, response) => {
    if (error === null) res.json(type.toJSON(response));
    else res.status(500).json({ code: error.code, message: error.details });
  };
}

const app = express();
app.use(express.json());
app.post("/v3/kv/range", (req, res) => {
  kv.range(rpc.RangeRequest.fromJSON(req.body), answer(res, rpc.RangeResponse));
});
app.post("/v3/kv/put", (req, res) => {
  kv.put(rpc.PutRequest.fromJSON(req.body), answer(res, rpc.PutResponse));
});
app.post("/v3/kv/txn", (req, res) => {
  kv.txn(rpc.TxnRequest.fromJSON(req.body), answer(res, rpc.TxnResponse));
});
app.post("/v3/watch", (req, res) => {
  const call = watches.watch();
  res.type("json");
  call.write(rpc.WatchRequest.fromJSON(req.body));
  call.on("data", (message) => {
    res.write(`${JSON.stringify({ result: rpc.WatchResponse.toJSON(message) })}\n`);
  });
  call.on("error", (error) => {
    res.end(`${JSON.stringify({ error: { message: error.message } })}\n`);
  });
  call.on("end", () => res.end());
  res.on("close", () => call.cancel());
});
announce(app.listen(0, "127.0.0.1"));
