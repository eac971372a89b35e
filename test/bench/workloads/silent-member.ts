import { setTimeout as delay } from "node:timers/promises";
import { type EtcdServer, startCluster } from "../../etcd-server/server.js";
import { type FaultProxy, startFaultProxy } from "../../faults/proxy.js";
import type { Bench } from "../bench.js";
import { command } from "../build.js";
import type { Lab } from "../lab.js";
import { atMost } from "../report/goals.js";
import { milliseconds } from "../report/numbers.js";
import { Rounds } from "../rounds.js";
import { base64, postJson } from "./post-json.js";

const BODY = JSON.stringify({ key: base64("bench/silent-member"), value: base64("1") });
/** How many clients read and write. Each sends its next request when it has received a response. */
interface Clients {
  readonly readers: number;
  readonly writers: number;
}
const MANY: Clients = { readers: 8, writers: 8 };
const LONE_WRITER: Clients = { readers: 0, writers: 1 };
/** The duration of the requests after the member became silent, in milliseconds. */
const TIME = 10_000;
const FAULTS = ["stopped", "blackholed", "delayed by 200 ms"] as const;

/** The server that clients send their requests to. */
interface Contender {
  readonly name: string;
  /** The gateway's channel. Absent for the gateway in a surviving member. */
  readonly channel?: string;
}

const CONTENDERS: readonly Contender[] = [
  { name: "etcd-gateway over grpc-js", channel: "grpc-js" },
  { name: "etcd-gateway over lean", channel: "lean" },
  { name: "a surviving member's own gateway" },
];

/**
 * The longest times without a response, in milliseconds: to any reader, to any writer, to the reader that waits longest,
 * and to a writer that is the only client.
 */
interface Measure extends Load {
  readonly loneWriter: number;
}

interface Load {
  readonly reads: number;
  readonly writes: number;
  readonly reader: number;
}

/** One of three members does not respond. */
export const silentMember: Bench = {
  name: "silent-member",
  title: "A silent member",
  about:
    "In a cluster of three members, one that is not the leader becomes silent in one of three ways: its process is " +
    "stopped (SIGSTOP), the network loses all of its bytes (blackholed), or the network delays them by 200 ms each " +
    "way. 8 clients read and 8 clients write. Each sends its next request after the response to its last one. The " +
    "tables show the longest time without a successful response in the following 10 s: for all readers together, for " +
    "all writers together, for the reader that waited longest, and, in another run, for a writer that is the only " +
    "client. Its write to the silent member fails after that time, because etcd may have executed it.",
  isQuick: false,
  async run(lab) {
    const tables = [];
    const goals = [];
    for (const fault of FAULTS) {
      const measures = await Rounds.take(1, CONTENDERS, async (contender) => ({
        ...(await measure(lab, contender, fault, MANY)),
        loneWriter: (await measure(lab, contender, fault, LONE_WRITER)).writes,
      }));
      const time = (name: string, of: (measure: Measure) => number) => milliseconds(measures.median(name, of));
      tables.push({
        caption: `One of three members is ${fault}: the longest time without a response`,
        columns: ["", "all readers together", "all writers together", "the worst reader", "a lone writer"],
        rows: CONTENDERS.map(({ name }) => [
          name,
          time(name, ({ reads }) => reads),
          time(name, ({ writes }) => writes),
          time(name, ({ reader }) => reader),
          time(name, ({ loneWriter }) => loneWriter),
        ]),
      });
      for (const { name, channel } of CONTENDERS) {
        if (channel === undefined) continue;
        const worst = measures.median(name, ({ reader }) => reader);
        goals.push(atMost(`${name}, a member is ${fault}: longest wait of a reader`, 1_500, worst, milliseconds));
      }
    }
    return { tables, goals };
  },
};

/** Measures one turn with a separate cluster, so that no member has work left over from an earlier turn. */
async function measure(
  lab: Lab,
  { channel }: Contender,
  fault: (typeof FAULTS)[number],
  clients: Clients,
): Promise<Load> {
  const cluster = await startCluster(3, { version: "3.5", args: ["--log-level=error"] });
  const proxies: FaultProxy[] = [];
  try {
    for (const { endpoint } of cluster.members) proxies.push(await startFaultProxy(Number(endpoint.split(":")[1])));
    const metrics = await Promise.all(cluster.members.map((member) => member.metrics()));
    const number = metrics.findIndex((values) => values.get("etcd_server_is_leader") === 0);
    const [member, proxy] = [cluster.members[number], proxies[number]];
    const survivor = cluster.members.find((other) => other !== member);
    if (member === undefined || proxy === undefined || survivor === undefined)
      throw new Error("no member to be silent");
    const endpoints = proxies.map(({ endpoint }) => endpoint).join(",");
    const url =
      channel === undefined
        ? survivor.url
        : (
            await lab.children.serve(process.execPath, [
              command,
              "--endpoints",
              endpoints,
              "--channel",
              channel,
              "--listen",
              "127.0.0.1:0",
            ])
          ).url;
    return await load(url, clients, () => silence(fault, member, proxy));
  } finally {
    await Promise.all(cluster.members.map((member) => member.kill("SIGCONT")));
    await lab.children.close();
    await Promise.all(proxies.map((proxy) => proxy.stop()));
    await cluster.stop();
  }
}

async function silence(fault: (typeof FAULTS)[number], member: EtcdServer, proxy: FaultProxy): Promise<void> {
  if (fault === "stopped") await member.kill("SIGSTOP");
  else proxy.mode = fault === "blackholed" ? "stall" : { delay: 200 };
}

/** Sends requests for a second, and for {@link TIME} after the member became silent. */
async function load(url: string, clients: Clients, silence: () => Promise<void>): Promise<Load> {
  let isOver = false;
  const underWay = new Set<AbortController>();
  async function client(path: string, clocks: readonly Clock[]): Promise<void> {
    while (!isOver) {
      const request = new AbortController();
      underWay.add(request);
      try {
        const response = await fetch(`${url}${path}`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: BODY,
          signal: request.signal,
        });
        await response.arrayBuffer();
        if (response.status === 200) for (const clock of clocks) clock.answer();
      } catch (error) {
        if (!request.signal.aborted) throw error;
      } finally {
        underWay.delete(request);
      }
    }
  }
  const [reads, writes] = [new Clock(), new Clock()];
  const readers = Array.from({ length: clients.readers }, () => new Clock());

  await postJson(`${url}/v3/kv/range`, BODY);
  const all = Promise.all([
    ...readers.map((reader) => client("/v3/kv/range", [reads, reader])),
    ...Array.from({ length: clients.writers }, () => client("/v3/kv/put", [writes])),
  ]);
  await Promise.race([all, delay(1_000)]);
  const clocks = [reads, writes, ...readers];
  for (const clock of clocks) clock.start();
  await silence();
  await Promise.race([all, delay(TIME)]);
  isOver = true;
  for (const clock of clocks) clock.answer();
  for (const request of underWay) request.abort();
  await all;
  return {
    reads: reads.longest,
    writes: writes.longest,
    reader: Math.max(0, ...readers.map(({ longest }) => longest)),
  };
}

/** Measures the longest time between two responses. */
class Clock {
  longest = 0;
  #last = performance.now();

  /** Starts the measurement again. */
  start(): void {
    this.longest = 0;
    this.#last = performance.now();
  }

  answer(): void {
    const now = performance.now();
    this.longest = Math.max(this.longest, now - this.#last);
    this.#last = now;
  }
}
