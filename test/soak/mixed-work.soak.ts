import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { CHANNELS } from "../core/transport/channels.js";
import { startCluster } from "../etcd-server/server.js";
import { withProxies } from "./faults.js";
import { GatewayProcess } from "./gateway-process.js";
import { doMixedWork, type Outcome } from "./mixed-work.js";
import { countRemains, type Remains } from "./remains.js";

/*
 * Mixed work on three members that are killed, or whose responses are lost, with clients that leave in every way. At the end, no
 * write and no event is lost or doubled, no event is out of order, and, while the gateway still serves, nothing is left
 * of the clients: neither at etcd nor in the gateway's process.
 *
 * SOAK_SECONDS is the duration of the work over each channel, and SOAK_SEED repeats the choices of an earlier run.
 */

const SECONDS = Number(process.env["SOAK_SECONDS"] ?? 90);
const SEED = process.env["SOAK_SEED"] ?? randomBytes(4).toString("hex");

/** The work before the first count, so that the gateway has the connections and the compiled code that it keeps. */
const WARM_UP_SECONDS = 15;

/** How long what is left may take to go, in milliseconds: leases of absent clients last for seconds. */
const SETTLE = 60_000;

/**
 * How many more file descriptors may be open. To each of three members, the gateway keeps one connection for short
 * calls, and may have one for streams that it did not have before, or whose end it waits for.
 */
const FILES = 2 * 3;

/**
 * How much the heap may grow, in bytes. Compiled code and caches grow it by up to 3 MB after the warm-up, and then no
 * more, however long the work is. A stream that is kept takes several kilobytes.
 */
const HEAP = 4_000_000;

for (const channel of CHANNELS) {
  test(`${SECONDS} s of mixed work over ${channel} lose nothing, double nothing and leave nothing`, async (t) => {
    t.diagnostic(`SOAK_SEED=${SEED}`);
    const cluster = await withProxies(await startCluster(3));
    t.after(() => cluster.stop());
    const gateway = await GatewayProcess.start(channel, cluster.endpoints);
    t.after(() => gateway.stop());
    const work = { cluster, gateway, seed: SEED };
    const isGone = ({ watchers, leases, locks, connections }: Remains): boolean =>
      watchers + leases + locks + connections === 0;
    const settled = async (isSettled: (remains: Remains) => boolean): Promise<Remains> => {
      const end = Date.now() + SETTLE;
      for (;;) {
        const remains = await countRemains(cluster, gateway);
        if (isSettled(remains) || Date.now() > end) return remains;
        await sleep(500);
      }
    };

    checkOutcome(await doMixedWork({ ...work, prefix: "warm-up/", milliseconds: WARM_UP_SECONDS * 1_000 }));
    const before = await settled(isGone);
    assert.ok(isGone(before), `left after the warm-up: ${JSON.stringify(before)}`);

    const outcome = await doMixedWork({ ...work, prefix: "work/", milliseconds: SECONDS * 1_000 });
    t.diagnostic(
      JSON.stringify({
        ...outcome,
        writesLost: outcome.writesLost.length,
        writesDoubled: outcome.writesDoubled.length,
      }),
    );
    checkOutcome(outcome);

    const isAsBefore = (remains: Remains): boolean =>
      isGone(remains) && remains.files <= before.files + FILES && remains.heap <= before.heap + HEAP;
    const after = await settled(isAsBefore);
    t.diagnostic(`before: ${JSON.stringify(before)}, after: ${JSON.stringify(after)}`);
    assert.ok(isAsBefore(after), `left: ${JSON.stringify(after)}; before: ${JSON.stringify(before)}`);
  });
}

function checkOutcome({ writesLost, writesDoubled, followers, acknowledged, faults }: Outcome): void {
  assert.ok(acknowledged > 0, "nothing was written");
  assert.ok(faults > 0, "no member had a fault");
  assert.deepEqual(writesLost, [], "writes lost");
  assert.deepEqual(writesDoubled, [], "writes doubled");
  for (const { name, ...differences } of followers) {
    assert.deepEqual(differences, { failure: undefined, lost: 0, doubled: 0, reordered: 0 }, `events over ${name}`);
  }
}
