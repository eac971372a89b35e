import { b64, type Case, call, cases, from, stream } from "../parity-case.js";

/** Ends a wait for good, which etcd does by itself some time after it has responded. */
const revoke = (ID: string) => call("lease/revoke", { ID });

const grant = (ID: number) => call("lease/grant", { ID, TTL: 600 });

/** Locks and elections. */
export const concurrency: readonly Case[] = [
  ...cases("lock", {
    "taken and left": [
      grant(3001),
      call("lock/lock", { name: b64("k1"), lease: 3001 }),
      call("lock/unlock", (seen) => ({ key: from(seen, 1, "key") })),
    ],
    "taken twice by one": [
      grant(3002),
      call("lock/lock", { name: b64("k2"), lease: "3002" }),
      call("lock/lock", { name: b64("k2"), lease: 3002 }),
    ],
    "with a lease that there is not": call("lock/lock", { name: b64("k3"), lease: 404 }),
    // etcd grants one of a minute, which would end under the cases that follow. The key ends with its id.
    "without a lease": [
      call("lock/lock", { name: b64("k4") }),
      call("lease/revoke", (seen) => ({ ID: leaseOf(from(seen, 0, "key")) })),
    ],
    "without a name": [
      grant(3003),
      call("lock/lock", { lease: 3003 }),
      call("lock/unlock", (seen) => ({ key: from(seen, 1, "key") })),
    ],
    "held, until the time is up": [
      grant(3004),
      grant(3005),
      call("lock/lock", { name: b64("k5"), lease: 3004 }),
      call("lock/lock", { name: b64("k5"), lease: 3005 }, { headers: { "Grpc-Timeout": "300m" } }),
      revoke("3005"),
    ],
    "left that is not held": call("lock/unlock", { key: b64("k6/none") }),
    "left without a key": call("lock/unlock"),
  }),
  ...cases("election", {
    "won, proclaimed, observed, resigned": [
      grant(3011),
      call("election/campaign", { name: b64("e1"), lease: 3011, value: b64("first") }),
      call("election/leader", { name: b64("e1") }),
      call("election/proclaim", (seen) => ({ leader: leaderOf(seen, 1), value: b64("second") })),
      stream("election/observe", { name: b64("e1") }, 1),
      call("election/resign", (seen) => ({ leader: leaderOf(seen, 1) })),
      call("election/leader", { name: b64("e1") }),
    ],
    "without a leader": call("election/leader", { name: b64("e2") }),
    "without a name": call("election/leader"),
    "with a lease that there is not": call("election/campaign", { name: b64("e3"), lease: 404, value: b64("x") }),
    "without a lease": [
      call("election/campaign", { name: b64("e3b") }, { headers: { "Grpc-Timeout": "30S" } }),
      call("lease/revoke", (seen) => ({ ID: from(seen, 0, "leader", "lease") })),
    ],
    "won without a value": [grant(3012), call("election/campaign", { name: b64("e4"), lease: 3012 })],
    "proclaimed by nobody": call("election/proclaim", { value: b64("x") }),
    "proclaimed by one who is not": call("election/proclaim", {
      leader: { name: b64("e5"), key: b64("e5/x"), rev: "5", lease: 5 },
      value: b64("x"),
    }),
    "resigned by nobody": call("election/resign"),
    "resigned by one who is not": call("election/resign", { leader: { name: b64("e6"), key: b64("e6/x"), rev: 1 } }),
    "contested, until the time is up": [
      grant(3013),
      grant(3014),
      call("election/campaign", { name: b64("e7"), lease: 3013, value: b64("a") }),
      call(
        "election/campaign",
        { name: b64("e7"), lease: 3014, value: b64("b") },
        { headers: { "Grpc-Timeout": "300m" } },
      ),
      revoke("3014"),
    ],
    "observed with a wrong type": stream("election/observe", { name: 5 }, 1),
    "observed with a list": stream("election/observe", "[]", 1),
  }),
];

/** The id of the lease by which a lock is held, in decimal. */
function leaseOf(key: string): string {
  const hex = Buffer.from(key, "base64").toString().split("/").at(-1);
  return BigInt(`0x${hex}`).toString();
}

function leaderOf(seen: Parameters<typeof from>[0], step: number): object {
  const member = (name: string) => from(seen, step, "leader", name);
  return { name: member("name"), key: member("key"), rev: member("rev"), lease: member("lease") };
}
