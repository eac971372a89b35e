import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import type { Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import { createGateway } from "../../runtime/core/gateway/gateway.js";
import type { CallRecord } from "../../runtime/core/observe/call-record.js";
import { grpcTransport } from "../../runtime/core/transport/grpc-transport.js";
import { handshake, post } from "../attacks/raw-connection.js";
import { note, notes } from "../core/http/notes.js";
import { CHANNELS } from "../core/transport/channels.js";
import { type FaultCall, frame, startFaultServer } from "../faults/fault-server.js";
import { listen } from "../http/listen.js";

const MIB = 1 << 20;

/** The most that the gateway may hold. */
const LIMIT = 40 * MIB;
const STALLED = 5;

/** What the system takes of one connection that nobody reads, at most, and what is between the server and the gateway. */
const SYSTEM = 10 * MIB;

/** More than the system takes of one connection. All of them together are much more than the limit. */
const message = frame(note({ text: "x".repeat(32 * MIB) }));

/** How clients ask for notes: the text that each sends, and how many messages it gets. */
const REQUESTS: Readonly<
  Record<string, { readonly asks: (index: number) => readonly (string | Buffer)[]; readonly messages: number }>
> = {
  "result lines": { asks: (index) => [post("/v1/notes/list", `{"size":${index}}`)], messages: 2 },
  "server-sent events": {
    asks: (index) => [post("/v1/notes/list", `{"size":${index}}`, "Accept: text/event-stream")],
    messages: 1,
  },
  WebSocket: { asks: (index) => [handshake("/v1/notes/list"), webSocketFrame(`{"size":${index}}`)], messages: 2 },
  "a unary response": { asks: (index) => [post("/v1/notes/get", `{"size":${index}}`)], messages: 1 },
};

/** A client of the gateway. */
interface Client {
  readonly socket: Readable;
  /** How much the server has sent for it, in bytes. */
  sent: number;
  /** How much it has read, in bytes. */
  read: number;
  /** Whether the gateway has ended its call. */
  isOver: boolean;
}

for (const channel of CHANNELS) {
  for (const [kind, { asks, messages }] of Object.entries(REQUESTS)) {
    test(`stalled readers hold no more than the limit, and those that read get all: ${kind} over ${channel}`, {
      timeout: 90_000,
    }, async (t) => {
      const server = await startFaultServer();
      const clients: Client[] = [];
      let most = 0;
      const serve = async (call: FaultCall): Promise<void> => {
        // The size in the note.
        const client = clients[(await call.request())[1] ?? 0];
        assert.ok(client !== undefined);
        call.stream.once("close", () => {
          client.isOver = true;
        });
        call.accept();
        for (let i = 0; i < messages; i++) {
          for (let at = 0; at < message.length && !client.isOver; at += 64 * 1024) {
            const piece = message.subarray(at, at + 64 * 1024);
            const hasRoom = call.stream.write(piece);
            client.sent += piece.length;
            most = Math.max(most, inMemory(clients));
            if (!hasRoom) await Promise.race([once(call.stream, "drain"), call.closed]);
          }
        }
        call.end(0);
      };
      server.handle("/test.Notes/List", serve);
      server.handle("/test.Notes/Get", serve);
      const records: CallRecord[] = [];
      const reasons: string[] = [];
      const transport = grpcTransport({ endpoints: [server.endpoint], channel });
      const gateway = createGateway({
        services: [notes],
        transport,
        limits: { maxUnread: LIMIT },
        timeouts: { stall: 0 },
        observers: [{ onEnd: (record) => void records.push(record) }],
        onError: (error) => void reasons.push(error.message),
      });
      const http = createServer(gateway.router);
      gateway.handleUpgrades(http);
      const port = await listen(t, http);
      t.after(async () => {
        transport.close();
        await server.stop();
      });

      for (let i = 0; i < STALLED; i++) await ask(t, port, clients, asks(i));
      const isFull = (): boolean => clients.some(({ sent }) => sent >= message.length);
      while (!isFull()) await turn();
      const reading = [await ask(t, port, clients, asks(STALLED)), await ask(t, port, clients, asks(STALLED + 1))];
      for (const client of reading)
        client.socket.on("data", ({ length }: Buffer) => {
          client.read += length;
        });
      while (reading.some(({ read }) => read < messages * (message.length - 16))) {
        assert.ok(
          reading.every(({ socket }) => !socket.destroyed),
          "a client that reads was cut off",
        );
        await turn();
      }
      assert.ok(most <= LIMIT + message.length + STALLED * SYSTEM, `${Math.round(most / MIB)} MiB were in memory`);
      // While other messages wait, clients may hold half of the limit.
      const reason =
        /^the gateway holds more than (41943040|20971520) bytes of unread responses, and this client has not/;
      assert.ok(reasons.length > 0 && reasons.every((each) => reason.test(each)), `${reasons}`);
      const cut = records.filter(({ error }) => error !== undefined);
      assert.equal(cut.length, reasons.length);
      assert.ok(cut.every(({ error, rpc }) => reason.test(error?.message ?? "") && rpc?.startsWith("test.Notes.")));
    });
  }
}

/** Returns how much of what the server has sent is not read, of the calls that go on. */
function inMemory(clients: readonly Client[]): number {
  let bytes = 0;
  for (const { sent, read, isOver } of clients) if (!isOver) bytes += Math.max(0, sent - read);
  return bytes;
}

/** Opens a client that reads nothing. */
async function ask(
  t: TestContext,
  port: number,
  clients: Client[],
  texts: readonly (string | Buffer)[],
): Promise<Client> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  t.after(() => socket.destroy());
  const client = { socket, sent: 0, read: 0, isOver: false };
  clients.push(client);
  const [first = "", ...rest] = texts;
  socket.write(first);
  for (const text of rest) {
    await once(socket, "readable");
    socket.read();
    socket.write(text);
  }
  return client;
}

/** Encodes a text of less than 126 bytes as the frame of a client. */
function webSocketFrame(text: string): Buffer {
  return Buffer.concat([Buffer.of(0x81, 0x80 | text.length, 0, 0, 0, 0), Buffer.from(text)]);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}
