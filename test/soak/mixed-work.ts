import assert from "node:assert/strict";
import type { EtcdCluster } from "../etcd-server/server.js";
import { at, base64 } from "../http/etcd-json.js";
import { post } from "../http/requests.js";
import { until } from "../until.js";
import { breakMembers, type FaultyCluster } from "./faults.js";
import { type Follower, type Following, startFollowers, startReference } from "./followers.js";
import type { GatewayProcess } from "./gateway-process.js";
import { leave } from "./leavers.js";
import { Ledger } from "./ledger.js";
import { Random } from "./random.js";
import { clusterRevision } from "./remains.js";
import type { Run } from "./run.js";
import { holdLeases } from "./sessions.js";
import { pipeline, write } from "./writers.js";

/** How many clients of each kind work. */
const CLIENTS = { writers: 4, pipelines: 2, leases: 3, leavers: 4 };

/** The work to do. */
export interface MixedWork {
  readonly cluster: FaultyCluster;
  readonly gateway: GatewayProcess;
  /** The beginning of all keys of this work, with a slash at the end. No other work may use it. */
  readonly prefix: string;
  readonly seed: string;
  readonly milliseconds: number;
}

/** How the events that a follower has received differ from etcd's history, in numbers of events. */
export interface Seen {
  readonly name: string;
  readonly failure: string | undefined;
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
}

/** What came of the work. */
export interface Outcome {
  /** How many times a member was broken. */
  readonly faults: number;
  readonly acknowledged: number;
  readonly failed: number;
  readonly writesLost: readonly string[];
  readonly writesDoubled: readonly string[];
  /** The length of etcd's history. */
  readonly events: number;
  readonly followers: readonly Seen[];
}

type WithoutUrl = Omit<Following, "url">;

/** Lets clients of all kinds work while members break, and compares what they have seen with etcd's history. */
export async function doMixedWork({ cluster, gateway, prefix, seed, milliseconds }: MixedWork): Promise<Outcome> {
  const end = Date.now() + milliseconds;
  const goesOn = (): boolean => Date.now() < end;
  const random = (name: string) => new Random(`${seed}/${prefix}${name}`);
  const run = (name: string): Run => ({ gateway, prefix, name, random: random(name), goesOn });
  const clients = (name: string, count: number, work: (run: Run) => Promise<void>) =>
    Array.from({ length: count }, (_, i) => work(run(`${name}${i}`)));
  const ledger = new Ledger();
  const following = { prefix, start: (await clusterRevision(cluster)) + 1, random: random("follower") };
  const followers = startFollowers({ ...following, url: gateway.url });
  try {
    const [faults] = await Promise.all([
      breakMembers(cluster, random("members"), goesOn),
      ...clients("writer", CLIENTS.writers, (each) => write(each, ledger)),
      ...clients("pipeline", CLIENTS.pipelines, (each) => pipeline(each, ledger)),
      ...clients("leases", CLIENTS.leases, holdLeases),
      ...clients("leaver", CLIENTS.leavers, leave),
    ]);
    const history = await readHistory(cluster, following);
    // What does not arrive is counted as lost.
    await until(() => followers.every((each) => hasReached(each, history.at(-1) ?? "")), "the end").catch(() => {});
    return { faults, ...compare(history, ledger, followers) };
  } finally {
    for (const follower of followers) follower.stop();
  }
}

/** Reads all changes from a member, up to one that is made for this. */
async function readHistory({ members }: EtcdCluster, following: WithoutUrl): Promise<readonly string[]> {
  const url = members[0]?.url ?? "";
  const key = `${following.prefix}end`;
  const { status, json } = await post(`${url}/v3/kv/put`, { key: base64(key) });
  assert.equal(status, 200, "etcd accepts a write");
  const last = `PUT ${key} ${at(json, "header", "revision")}`;
  const reference = startReference({ ...following, url });
  try {
    await until(() => hasReached(reference, last), "etcd's own history");
    assert.equal(reference.failure, undefined);
    return reference.events.slice(0, reference.events.indexOf(last) + 1);
  } finally {
    reference.stop();
  }
}

function hasReached({ events, failure }: Follower, last: string): boolean {
  return failure !== undefined || events.lastIndexOf(last) !== -1;
}

function compare(history: readonly string[], ledger: Ledger, followers: readonly Follower[]): Omit<Outcome, "faults"> {
  const { lost, doubled } = ledger.compare(history.map((event) => event.slice(0, event.lastIndexOf(" "))));
  return {
    acknowledged: ledger.acknowledged.size,
    failed: ledger.failed,
    writesLost: lost,
    writesDoubled: doubled,
    events: history.length,
    followers: followers.map((follower) => compareEvents(history, follower)),
  };
}

function compareEvents(history: readonly string[], { name, events, failure }: Follower): Seen {
  // A write that failed may be executed after the end.
  const end = events.lastIndexOf(history.at(-1) ?? "");
  const all = end === -1 ? events : events.slice(0, end + 1);
  const seen = new Set(all);
  const revisions = all.map((event) => Number(event.slice(event.lastIndexOf(" "))));
  return {
    name,
    failure,
    lost: history.filter((event) => !seen.has(event)).length,
    doubled: all.length - seen.size,
    reordered: revisions.filter((revision, i) => revision < (revisions[i - 1] ?? 0)).length,
  };
}
