import { setTimeout as sleep } from "node:timers/promises";
import { at, base64 } from "../http/etcd-json.js";
import { Stream } from "../http/json-stream.js";
import { post } from "../http/requests.js";
import type { Run } from "./run.js";

/** The lifetime of leases in seconds, so that those whose revocation fails do not remain for long. */
const TTL = 5;

/** What the bearer of a lease does. Failed requests do not matter: the lease ends them all. */
type Work = (call: (path: string, body: object) => Promise<unknown>, lease: string, run: Run) => Promise<void>;

const WORKS: readonly [Work, ...Work[]] = [
  /** Keeps the lease alive on one stream, and ends it in either way. */
  async (_call, lease, { gateway, random }) => {
    const stream = new Stream(`${gateway.url}/v3/lease/keepalive`);
    for (let i = 0; i <= random.below(4); i++) {
      stream.write({ ID: lease });
      if ((await stream.next().catch(() => undefined)) === undefined) break;
    }
    if (random.below(2) === 0) stream.end();
    else stream.abort();
    await stream.rest().catch(() => {});
    stream.abort();
  },
  async (call, lease) => {
    const key = Object(await call("lock/lock", { name: base64("soak-lock"), lease })).key;
    await sleep(20);
    if (key !== undefined) await call("lock/unlock", { key });
  },
  async (call, lease) => {
    const leader = Object(await call("election/campaign", { name: base64("soak-election"), lease })).leader;
    if (leader === undefined) return;
    await call("election/proclaim", { leader, value: base64("1") });
    await call("election/leader", { name: base64("soak-election") });
    await call("election/resign", { leader });
  },
];

/** Grants leases, uses them for keep-alives, locks and elections, and revokes them. */
export async function holdLeases(run: Run): Promise<void> {
  const { gateway, random, goesOn } = run;
  const call = async (path: string, body: object): Promise<unknown> => {
    const { status, json } = await post(`${gateway.url}/v3/${path}`, body, { "Grpc-Timeout": `${TTL}S` });
    return status === 200 ? json : undefined;
  };
  while (goesOn()) {
    const lease = await grantLease(gateway.url);
    if (lease !== undefined) {
      await random.of(WORKS)(call, lease, run);
      await call("lease/revoke", { ID: lease });
    }
    await sleep(random.below(50));
  }
}

/** Grants a lease for a few seconds. Returns `undefined` if this fails. */
export async function grantLease(url: string): Promise<string | undefined> {
  const { status, json } = await post(`${url}/v3/lease/grant`, { TTL });
  return status === 200 ? String(at(json, "ID")) : undefined;
}
