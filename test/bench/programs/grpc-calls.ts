// Unary calls with grpc-js alone, of prepared bytes.
// Usage: grpc-calls ENDPOINT METHOD REQUEST, where REQUEST is base64.
// POST {"calls": 64, "amount": {"seconds": 2}} keeps 64 calls in progress for 2 s. The response contains the results.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { Client, credentials } from "@grpc/grpc-js";
import { announce } from "./announce.js";
import { argument } from "./arguments.js";

const client = new Client(argument(0), credentials.createInsecure(), { "grpc.max_receive_message_length": -1 });
const method = argument(1);
const request = Buffer.from(argument(2), "base64");

function same(bytes: Buffer): Buffer {
  return bytes;
}

function call(): Promise<void> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(method, same, same, request, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}

type Amount = { readonly seconds: number } | { readonly requests: number };

async function run(calls: number, amount: Amount): Promise<object> {
  const latencies: number[] = [];
  const start = performance.now();
  let begun = 0;
  const goesOn = () =>
    "seconds" in amount ? performance.now() < start + amount.seconds * 1000 : begun++ < amount.requests;
  const caller = async () => {
    while (goesOn()) {
      const before = performance.now();
      await call();
      latencies.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: calls }, caller));
  const duration = performance.now() - start;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)];
  return { requests: latencies.length, duration, p50: at(0.5), p99: at(0.99) };
}

announce(
  createServer(async (req, res) => {
    const { calls, amount }: { calls: number; amount: Amount } = JSON.parse(await text(req));
    res.end(JSON.stringify(await run(calls, amount)));
  }).listen(0, "127.0.0.1"),
);
