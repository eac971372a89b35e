import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type TestContext, test } from "node:test";
import express from "express";
import express4 from "express4";
import { createGateway, type Gateway } from "../../runtime/core/gateway/gateway.js";
import { createHttpServer } from "../../runtime/core/server/http-server.js";
import { requestHandler } from "../../runtime/etcd/command/handlers/request-handler.js";
import { etcdGateway } from "../../runtime/etcd/etcd-gateway.js";
import { notes } from "../core/http/notes.js";
import { TEST_CHANNEL } from "../core/transport/channels.js";
import { listen } from "../http/listen.js";
import { CountingTransport } from "./counting-transport.js";
import { handshake, post, RawConnection } from "./raw-connection.js";

/*
 * Connections whose requests are split, joined, pipelined, malformed and abandoned at any byte, as a seed has it. Whatever
 * comes, the gateway serves on, responses come in order, and nothing of them is left.
 *
 * RAW_CASES is how many cases each server is given, RAW_SEED the seed of the first batch: a failure prints its own.
 */

const CASES = Number(process.env["RAW_CASES"] ?? 500);
const SEED = Number(process.env["RAW_SEED"] ?? Date.now() % 1_000_000);
const BATCH = 50;
const GET = "/v1/notes/get";

const SERVERS: readonly (readonly [name: string, create: (gateway: Gateway) => Server])[] = [
  ["node:http", ({ router }) => createServer(router)],
  ["Express 5", ({ router }) => createServer(express().use(router))],
  ["Express 4", ({ router }) => createServer(express4().use(router))],
  ["the command's server", commandServer],
];

/** The stand-alone server, but for what is behind its gateway. */
function commandServer({ router }: Gateway): Server {
  const { client, publishedVersions } = etcdGateway({ channel: TEST_CHANNEL, endpoints: ["127.0.0.1:1"] });
  return createHttpServer(requestHandler({ router, client, publishedVersions }, {}, assert.fail));
}

/** Numbers from 0 to 1, the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a client sends as one part of its connection. */
interface Part {
  readonly text: string;
  /** What must be in its response; `undefined` if it has none of its own. */
  readonly answer?: string;
  /** Whether what follows may have no response. */
  readonly isLast?: boolean;
}

/** Since Node.js 25, a request for an upgrade is the last of its connection if its body comes in several packets. */
const UPGRADE_MAY_BE_LAST = Number(process.versions.node.split(".")[0]) >= 25;

type MakePart = (id: string) => Part;

const PARTS: readonly MakePart[] = [
  (id) => ({ text: post(GET, `{"text":"${id}"}`), answer: id }),
  (id) => ({ text: post(GET, `{"text":"${id}"}`), answer: id }),
  (id) => {
    const body = `{"text":"${id}"}`;
    const head = `POST ${GET} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`;
    return {
      text: `${head}3\r\n${body.slice(0, 3)}\r\n${(body.length - 3).toString(16)}\r\n${body.slice(3)}\r\n0\r\n\r\n`,
      answer: id,
    };
  },
  (id) => ({
    text: post(GET, `{"text":"${id}"}`, "Connection: Upgrade", "Upgrade: h2c"),
    answer: id,
    isLast: UPGRADE_MAY_BE_LAST,
  }),
  (id) => ({ text: post(GET, `{"text":"${id}${"x".repeat(100_000)}"}`), answer: id }),
  (id) => ({ text: post("/v1/notes/list", `{"text":"${id}"}`), answer: id }),
  () => ({ text: post("/v1/none", "{}"), answer: "Not Found" }),
  () => ({ text: `GET ${GET} HTTP/1.1\r\nHost: a\r\n\r\n`, answer: "Method Not Allowed" }),
  () => ({ text: post(GET, "{"), answer: "message" }),
  (id) => ({ text: post("/v1/notes/chat", `{"text":"${id}"}`), isLast: true }),
  () => ({ text: handshake("/v1/notes/chat"), isLast: true }),
  () => ({ text: handshake("/v1/none"), isLast: true }),
  ...["websocket", "h2c"].flatMap((protocol) =>
    partialUpgrades(protocol).map((text) => () => ({ text, isLast: true })),
  ),
  () => ({ text: "GET nowhere\r\n\r\n", isLast: true }),
  () => ({ text: `POST ${GET} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`, isLast: true }),
  () => ({ text: `POST ${GET} HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n`, isLast: true }),
];

/** Requests that ask for an upgrade, of whose bodies a part is missing. */
function partialUpgrades(protocol: string): readonly string[] {
  const head = [`POST ${GET} HTTP/1.1`, "Host: a", "Connection: Upgrade", `Upgrade: ${protocol}`].join("\r\n");
  return [
    `${head}\r\nContent-Length: 100\r\n\r\n{"text":`,
    `${head}\r\nContent-Length: 100\r\n\r\n`,
    `${head}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"te`,
  ];
}

/** Plays one client. */
async function play(port: number, random: () => number): Promise<void> {
  const pick = (below: number): number => Math.floor(random() * below);
  const parts = Array.from({ length: 1 + pick(6) }, (_, i) => {
    const make = PARTS[pick(PARTS.length)];
    assert.ok(make);
    return make(`id${i}-${pick(1_000_000)}-`);
  });
  const end = parts.findIndex(({ isLast }) => isLast);
  const answers = parts.slice(0, end === -1 ? parts.length : end).map(({ answer }) => answer ?? "");
  const whole = parts.map(({ text }) => text).join("");
  const isAbandoned = random() < 0.4;
  const sent = isAbandoned ? whole.slice(0, pick(whole.length)) : whole;
  const cuts = [0, ...Array.from({ length: pick(5) }, () => pick(sent.length + 1)).sort((a, b) => a - b), sent.length];
  const connection = new RawConnection(port);
  await connection.send(...cuts.slice(1).map((cut, i) => sent.slice(cuts[i], cut)));
  if (!isAbandoned && end === -1) await connection.answers(answers.length);
  else for (let turns = pick(20); turns > 0; turns--) await new Promise(setImmediate);
  const farewell = random();
  if (farewell < 0.3) connection.socket.end();
  else if (farewell < 0.5) connection.socket.resetAndDestroy();
  await connection.leave();
  for (const [i, { body, status, isComplete }] of connection.responses.slice(0, answers.length).entries()) {
    // Where nothing is malformed, a response that is there is that of the request in its place.
    if (isComplete && body !== "" && (end === -1 || status < 400)) {
      assert.ok(
        body.includes(answers[i] ?? ""),
        `response ${i} is ${body.slice(0, 80)}, for ${JSON.stringify(answers)}`,
      );
    }
  }
}

async function settled(transport: CountingTransport, server: Server): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    const connections = await new Promise<number>((resolve) =>
      server.getConnections((_error, count) => resolve(count)),
    );
    if (transport.isIdle && connections === 0) return;
    if (Date.now() > end) {
      throw new Error(`left: ${transport.unaries} calls, ${transport.streams} streams, ${connections} connections`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function attack(t: TestContext, create: (gateway: Gateway) => Server): Promise<void> {
  const transport = new CountingTransport(["/test.Notes/Chat"]);
  // Places for twice as many clients: the limits hide nobody who takes two.
  const limits = { maxInFlight: 2 * BATCH, maxStreams: 2 * BATCH };
  const gateway = createGateway({ services: [notes], transport, limits });
  const server = create(gateway);
  gateway.handleUpgrades(server);
  const port = await listen(t, server);
  for (let done = 0; done < CASES; done += BATCH) {
    const seed = SEED + done;
    try {
      await Promise.all(Array.from({ length: BATCH }, (_, i) => play(port, randomOf(seed * BATCH + i))));
      await settled(transport, server);
      const probe = await new RawConnection(port).send(post(GET, '{"text":"served"}'));
      assert.match((await probe.answers(1)).bodies[0] ?? "", /served/);
      await probe.leave();
      await settled(transport, server);
    } catch (error) {
      throw new Error(`with RAW_SEED=${seed}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }
  assert.ok(transport.mostStreams <= BATCH && transport.mostUnaries <= BATCH);
}

for (const [name, create] of SERVERS) {
  test(`a connection that is reset within the body of a request for an upgrade costs ${name} nothing`, async (t) => {
    const transport = new CountingTransport();
    const gateway = createGateway({ services: [notes], transport });
    const server = create(gateway);
    gateway.handleUpgrades(server);
    const port = await listen(t, server);
    for (const text of ["websocket", "h2c"].flatMap(partialUpgrades)) {
      const arrived = once(server, "upgrade");
      const connection = await new RawConnection(port).send(text);
      await arrived;
      connection.socket.resetAndDestroy();
      await settled(transport, server);
      const probe = await new RawConnection(port).send(post(GET, '{"text":"served"}'));
      assert.match((await probe.answers(1)).bodies[0] ?? "", /served/);
      await probe.leave();
    }
  });

  test(`${CASES} raw connections leave ${name} as it was (RAW_SEED=${SEED})`, (t) => attack(t, create));
}
