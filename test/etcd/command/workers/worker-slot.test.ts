import assert from "node:assert/strict";
import type { Worker } from "node:cluster";
import { EventEmitter } from "node:events";
import { describe, it } from "node:test";
import { WorkerFailure, WorkerSlot } from "../../../../runtime/etcd/command/workers/worker-slot.js";

/** What a slot asks of a worker. */
class FakeWorker extends EventEmitter {
  readonly process: { readonly pid: number; kill(): void };
  readonly orders: unknown[] = [];
  /** Whether what it is told is lost. */
  isDeaf = false;

  constructor(pid: number) {
    super();
    this.process = { pid, kill: () => void this.emit("exit", null, "SIGKILL") };
  }

  isConnected(): boolean {
    return true;
  }

  send(order: unknown): void {
    if (this.isDeaf) return;
    this.orders.push(order);
    if (order === "stop") this.emit("exit", 0, null);
  }
}

/** A slot whose workers are not processes, and whose pauses are told instead of waited for. */
class FakeSlot {
  readonly slot: WorkerSlot;
  readonly workers: FakeWorker[] = [];
  readonly lines: string[] = [];
  readonly pauses: number[] = [];
  /** Ends a pause. */
  resume: () => void = () => {};

  constructor() {
    this.slot = new WorkerSlot({
      fork: () => {
        const worker = new FakeWorker(this.workers.length + 1);
        this.workers.push(worker);
        return worker as unknown as Worker;
      },
      first: () => ({ serve: "flags" }),
      log: (line) => this.lines.push(line),
      wait: (milliseconds, signal) => {
        this.pauses.push(milliseconds);
        return new Promise((resolve) => {
          this.resume = resolve;
          signal.addEventListener("abort", () => resolve());
        });
      },
    });
  }

  /** Ends the worker that there is, and gives what is done then the time for it. */
  async end(code: number): Promise<void> {
    this.workers.at(-1)?.emit("exit", code, null);
    await new Promise((resolve) => setImmediate(resolve));
  }

  async continue(): Promise<void> {
    this.resume();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("the place of a worker", () => {
  it("is filled more and more slowly when workers end as soon as they begin", async () => {
    const fake = new FakeSlot();
    const { slot, workers, lines, pauses } = fake;
    workers[0]?.emit("message", { serving: "http://127.0.0.1:1" });
    assert.equal(await slot.serving, "http://127.0.0.1:1");
    for (const seconds of [0, 1, 2, 4, 8, 16, 30, 30]) {
      const count = workers.length;
      await fake.end(3);
      const when = seconds === 0 ? "" : ` in ${seconds} s`;
      assert.equal(lines.at(-1), `worker ${count} exited: exit code 3; starting a new worker${when}`);
      assert.deepEqual([workers.length, pauses.at(-1)], [count, seconds * 1_000]);
      await fake.continue();
      assert.equal(workers.length, count + 1);
    }
    await slot.stop();
    assert.deepEqual(workers.at(-1)?.orders, ["stop"]);
  });

  it("tells why a worker could not serve from the beginning, and has no other", async () => {
    const { slot, workers } = new FakeSlot();
    // Messages of other kinds are no reports.
    for (const message of ["x", null, { type: "metrics" }]) workers[0]?.emit("message", message);
    workers[0]?.emit("message", { failed: "listen EADDRINUSE", code: 1 });
    workers[0]?.emit("exit", 1, null);
    await assert.rejects(slot.serving, (error) => {
      return error instanceof WorkerFailure && error.code === 1 && error.message === "listen EADDRINUSE";
    });
    await slot.stop();
    assert.equal(workers.length, 1);
  });

  it("tells a worker what to do when that hears it, and to stop if it is late", async () => {
    const fake = new FakeSlot();
    const [worker] = fake.workers;
    worker?.emit("message", { ready: true });
    assert.deepEqual(worker?.orders, [{ serve: "flags" }]);
    worker?.emit("message", { serving: "http://127.0.0.1:1" });
    await fake.end(1);
    await fake.continue();
    const [, late] = fake.workers;
    assert.ok(late !== undefined);
    late.isDeaf = true;
    const stopped = fake.slot.stop();
    late.isDeaf = false;
    late.emit("message", { ready: true });
    await stopped;
    assert.deepEqual(late.orders, ["stop"]);
  });

  it("is not filled again once it is to stop, not even after a pause", async () => {
    const fake = new FakeSlot();
    fake.workers[0]?.emit("message", { serving: "http://127.0.0.1:1" });
    await fake.end(1);
    await fake.slot.stop();
    assert.equal(fake.workers.length, 1);
  });
});
