import assert from "node:assert/strict";
import { mock, test } from "node:test";
import fc from "fast-check";
import { resumingTransport } from "../../../../runtime/etcd/streams/resuming-transport.js";
import { ModelEtcd } from "../model-etcd.js";
import { WatchClient } from "./watch-client.js";

const KEYS = ["a", "b", "c", "d"];

const count = fc.integer({ min: 1, max: 4 });

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("commit"),
      changes: fc.uniqueArray(fc.record({ key: fc.constantFrom(...KEYS), deleted: fc.boolean() }), {
        selector: ({ key }) => key,
        minLength: 1,
        maxLength: 4,
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("create"),
      start: fc.constantFrom("a", "b"),
      end: fc.constantFrom("", "d", "z"),
      // Relative to the store's revision; 0 for "from now on".
      revision: fc.constantFrom(0, 0, -6, -1, 1, 3),
      filters: fc.constantFrom<(0 | 1)[]>([], [], [0], [1]),
      progress: fc.boolean(),
      fragment: fc.boolean(),
      id: fc.constantFrom(0n, 0n, 0n, 1n, 7n, -1n, -7n),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("cancel"), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("ask progress") }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("notify progress") }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("serve"), count }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant("deliver"), count }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("apply"), count }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("break"), lag: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("reconnect") }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("compact"), back: fc.nat(4) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("forbid"), start: fc.constantFrom("a", "b"), isSo: fc.boolean() }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Says how often something happened that a run must not do without. */
interface Tally {
  breaks: number;
  events: number;
  compacted: number;
}

async function run(choosesIds: boolean, steps: readonly Step[], end: boolean, tally: Tally): Promise<void> {
  const etcd = new ModelEtcd(choosesIds);
  const transport = resumingTransport(etcd, { timeout: 10_000_000, refusals: "message", maxWatches: 10_000 });
  const client = new WatchClient(transport, etcd.changes, choosesIds);
  for (const action of steps) {
    if (client.ended) break;
    perform(action, etcd, client);
    await new Promise<void>((resolve) => process.nextTick(resolve));
    if (action.type === "break") tally.breaks += 1;
  }
  if (end && !client.ended) client.end();
  mock.timers.tick(10_000);
  while ([...etcd.streams].some((stream) => !stream.quiet)) {
    for (const stream of etcd.streams) {
      stream.serve(1);
      stream.apply(1);
      stream.deliver(1);
    }
  }
  assert.equal(client.error, undefined);
  client.checkComplete();
  for (const watch of client.watches) {
    tally.events += watch.events.length;
    if (typeof watch.end === "object") tally.compacted += 1;
  }
  transport.close();
}

function perform(action: Step, etcd: ModelEtcd, client: WatchClient): void {
  const streams = [...etcd.streams];
  switch (action.type) {
    case "commit":
      etcd.commit(action.changes);
      break;
    case "create":
      client.create({
        ...action,
        revision: action.revision === 0 ? 0 : Math.max(etcd.revision + action.revision, 1),
      });
      break;
    case "cancel":
      client.cancel(action.which);
      break;
    case "ask progress":
      client.askProgress();
      break;
    case "notify progress":
      for (const stream of streams) stream.notifyProgress();
      break;
    case "serve":
      for (const stream of streams) stream.serve(action.count);
      break;
    case "deliver":
      for (const stream of streams) stream.deliver(action.count);
      break;
    case "apply":
      for (const stream of streams) stream.apply(action.count);
      break;
    case "break":
      etcd.lag = action.lag;
      etcd.break();
      break;
    case "reconnect":
      mock.timers.tick(2_000);
      break;
    case "compact":
      etcd.compact(etcd.revision - action.back);
      break;
    case "forbid":
      if (action.isSo) etcd.forbidden.add(action.start);
      else etcd.forbidden.delete(action.start);
  }
}

for (const [name, choosesIds] of [
  ["etcd 3.4 and later, where clients can choose ids", true],
  ["etcd 3.3 and earlier, which choose ids themselves", false],
] as const) {
  test(`watches stay ordered, unique, reliable, atomic and bookmarkable over any breaks: ${name}`, async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const tally: Tally = { breaks: 0, events: 0, compacted: 0 };
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 80 }), fc.boolean(), (steps, end) =>
          run(choosesIds, steps, end, tally),
        ),
        { numRuns: 3_000 },
      );
    } finally {
      mock.timers.reset();
    }
    assert.ok(tally.breaks > 1_000 && tally.events > 1_000 && tally.compacted > 100, JSON.stringify(tally));
  });
}
