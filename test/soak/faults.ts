import { setTimeout as sleep } from "node:timers/promises";
import type { EtcdCluster } from "../etcd-server/server.js";
import { type FaultProxy, startFaultProxy } from "../faults/proxy.js";
import type { Random } from "./random.js";

/** A cluster whose members the gateway reaches through proxies, in the order of the members. */
export interface FaultyCluster extends EtcdCluster {
  readonly proxies: readonly FaultProxy[];
}

/** Puts a proxy in front of each member. */
export async function withProxies(cluster: EtcdCluster): Promise<FaultyCluster> {
  const proxies = await Promise.all(
    cluster.members.map(({ endpoint }) => startFaultProxy(Number(new URL(`http://${endpoint}`).port))),
  );
  return {
    members: cluster.members,
    endpoints: proxies.map(({ endpoint }) => endpoint),
    proxies,
    async stop() {
      await Promise.all(proxies.map((proxy) => proxy.stop()));
      await cluster.stop();
    },
  };
}

/**
 * Breaks members, one at a time and in either way, while there is time left. Returns how many times.
 *
 * - The member is killed, and started again.
 * - The responses of the member are lost, and its connections break. etcd has then executed writes whose clients
 *   cannot know.
 */
export async function breakMembers(
  { members, proxies }: FaultyCluster,
  random: Random,
  goesOn: () => boolean,
): Promise<number> {
  for (let faults = 0; ; faults++) {
    for (let waited = 0; waited < 2_000; waited += 100) {
      if (!goesOn()) return faults;
      await sleep(100);
    }
    const number = random.below(members.length);
    const [member, proxy] = [members[number], proxies[number]];
    if (member === undefined || proxy === undefined) continue;
    if (random.below(2) === 0) {
      await member.kill(random.of(["SIGKILL", "SIGTERM"]));
      await sleep(random.below(2_000));
      await member.restart();
    } else {
      proxy.mode = "mute";
      await sleep(random.below(500));
      proxy.reset();
      proxy.mode = "pass";
    }
  }
}
