// Watches over HTTP, and writes the watched keys over gRPC. Usage: watchers ENDPOINT
// Each request is a command. The response is sent when the command is done.
import { createServer, type IncomingMessage, request } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { Client, credentials } from "@grpc/grpc-js";
import { KVService, PutRequest } from "etcd-gateway/generated";
import { announce } from "./announce.js";
import { argument } from "./arguments.js";

/** A group of watches to open. */
export interface Watches {
  readonly url: string;
  readonly key: string;
  readonly watchers: number;
  /** The `Accept` header, which selects the framing. */
  readonly accept?: string;
  /** Records the revisions of all events, so that `await` can compare them with those of the writes. */
  readonly verify?: boolean;
}

/** Writes of one key: a number of them at once, or one after the other at a rate per second. */
export type Writes = { readonly key: string; readonly size: number; readonly puts: number } & Pace;

type Pace = { readonly atOnce: number } | { readonly perSecond: number };

/** The commands: the JSON body of a POST. */
export type Command =
  /** Opens watches of a key, and waits until all are created. */
  | ({ readonly do: "open" } & Watches)
  /** Writes the key, and waits until all writes are done. */
  | ({ readonly do: "put" } & Writes)
  /**
   * Waits until every watch has received all events since it was opened. Fails if their revisions are not those of the
   * writes.
   */
  | { readonly do: "await" }
  /** Stops reading, and continues to read. */
  | { readonly do: "pause" | "resume" }
  /** Opens connections that receive one response and are idle after it. */
  | { readonly do: "connect"; readonly url: string; readonly body: string; readonly connections: number }
  /** Closes all watches and connections. */
  | { readonly do: "close" };

const EVENT = Buffer.from('"kv":{');

interface Verified {
  /** The pieces of an incomplete line. */
  readonly line: Buffer[];
  readonly revisions: string[];
}

class Watcher {
  #counted = 0;
  readonly #response: IncomingMessage;
  readonly #verified: Verified | undefined;
  #carry: Buffer = Buffer.alloc(0);

  private constructor(response: IncomingMessage, verify: boolean) {
    this.#response = response;
    this.#verified = verify ? { line: [], revisions: [] } : undefined;
    response.on("data", (chunk: Buffer) => this.#take(chunk));
    response.on("error", () => {});
  }

  /** Resolves when the watch is created. */
  static open({ url, key, accept = "application/json", verify = false }: Watches): Promise<Watcher> {
    const body = JSON.stringify({ create_request: { key: Buffer.from(key).toString("base64") } });
    const headers = { "Content-Type": "application/json", "Content-Length": body.length, Accept: accept };
    return new Promise((resolve, reject) => {
      const sent = request(`${url}/v3/watch`, { method: "POST", headers, agent: false }, (response) => {
        let opening = "";
        const onData = (chunk: Buffer): void => {
          opening += chunk.toString();
          if (opening.includes('"created":true')) {
            response.off("data", onData).off("end", onEnd);
            resolve(new Watcher(response, verify));
          }
        };
        const onEnd = (): void => reject(new Error(`the response to a watch was ${opening.slice(0, 500)}`));
        response.on("data", onData).on("end", onEnd);
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** The number of events received. With `verify`, only those of complete messages count. */
  get events(): number {
    return this.#verified?.revisions.length ?? this.#counted;
  }

  get revisions(): readonly string[] | undefined {
    return this.#verified?.revisions;
  }

  pause(): void {
    this.#response.pause();
  }

  resume(): void {
    this.#response.resume();
  }

  close(): void {
    this.#response.destroy();
  }

  #take(chunk: Buffer): void {
    if (this.#verified === undefined) this.#count(chunk);
    else this.#read(this.#verified, chunk);
  }

  #count(chunk: Buffer): void {
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    let from = 0;
    for (let at = bytes.indexOf(EVENT); at !== -1; at = bytes.indexOf(EVENT, from)) {
      from = at + EVENT.length;
      this.#counted++;
    }
    this.#carry = bytes.subarray(Math.max(from, bytes.length - EVENT.length + 1));
  }

  #read({ line, revisions }: Verified, chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf("\n"); at !== -1; at = chunk.indexOf("\n", from)) {
      line.push(chunk.subarray(from, at));
      from = at + 1;
      const message: { result: { events?: { kv: { mod_revision: string } }[] } } = JSON.parse(
        Buffer.concat(line.splice(0)).toString(),
      );
      for (const { kv } of message.result.events ?? []) revisions.push(kv.mod_revision);
    }
    line.push(chunk.subarray(from));
  }
}

const grpc = new Client(argument(0), credentials.createInsecure());
let watchers: Watcher[] = [];
let sockets: Socket[] = [];
let written: string[] = [];

function put(key: string, value: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const { path, requestSerialize, responseDeserialize } = KVService.put;
    const request = PutRequest.fromPartial({ key: Buffer.from(key), value });
    grpc.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, response) => {
      if (error !== null) reject(error);
      else {
        written.push(String(response?.header?.revision));
        resolve();
      }
    });
  });
}

async function putAll({ key, size, puts, ...pace }: Extract<Command, { do: "put" }>): Promise<void> {
  const value = Buffer.alloc(size, "value");
  const start = performance.now();
  let begun = 0;
  const writer = async () => {
    while (begun < puts) {
      const early = "perSecond" in pace ? start + (begun * 1000) / pace.perSecond - performance.now() : 0;
      begun++;
      if (early > 0) await delay(early);
      await put(key, value);
    }
  };
  await Promise.all(Array.from({ length: "atOnce" in pace ? pace.atOnce : 1 }, writer));
}

async function allEvents(): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (watchers.some(({ events }) => events < written.length)) {
    if (performance.now() > deadline) {
      const behind = watchers.filter(({ events }) => events < written.length);
      throw new Error(`${behind.length} watches have had ${behind[0]?.events} of ${written.length} events`);
    }
    await delay(2);
  }
  // Concurrent writes are acknowledged in any order.
  const expected = written.toSorted((a, b) => Number(a) - Number(b)).join();
  for (const { events, revisions } of watchers) {
    if (events > written.length) throw new Error(`a watch has had ${events} events of ${written.length} writes`);
    if (revisions !== undefined && revisions.join() !== expected) throw new Error("a watch has missed or mixed events");
  }
}

function idleConnection(url: string, body: string): Promise<Socket> {
  const { hostname, port, host } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.once("error", reject);
    socket.once("data", () => resolve(socket));
    socket.write(
      `POST /v3/kv/range HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  });
}

/** Repeats an action a number of times, 50 at once. */
async function repeat<T>(times: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  const worker = async (_: unknown, index: number) => {
    for (let i = index; i < times; i += 50) results.push(await work());
  };
  await Promise.all(Array.from({ length: 50 }, worker));
  return results;
}

async function carryOut(command: Command): Promise<void> {
  switch (command.do) {
    case "open":
      written = [];
      watchers = await repeat(command.watchers, () => Watcher.open(command));
      return;
    case "put":
      return putAll(command);
    case "await":
      return allEvents();
    case "pause":
      for (const watcher of watchers) watcher.pause();
      return;
    case "resume":
      for (const watcher of watchers) watcher.resume();
      return;
    case "connect":
      sockets = await repeat(command.connections, () => idleConnection(command.url, command.body));
      return;
    case "close":
      for (const watcher of watchers) watcher.close();
      for (const socket of sockets) socket.destroy();
      watchers = [];
      sockets = [];
  }
}

announce(
  createServer(async (req, res) => {
    try {
      await carryOut(JSON.parse(await text(req)));
      res.end();
    } catch (error) {
      res.writeHead(500).end(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }).listen(0, "127.0.0.1"),
);
