import assert from "node:assert/strict";
import type { Worker } from "node:cluster";
import { EventEmitter } from "node:events";
import { describe, it } from "node:test";
import { AggregatorRegistry, Counter, Gauge, Histogram, Registry } from "prom-client";
import { isSnapshotRequest, isSumResponse } from "../../../../runtime/etcd/command/workers/metrics-messages.js";
import { WorkerMetrics } from "../../../../runtime/etcd/command/workers/worker-metrics.js";

/** A worker that counts, without a process. */
class FakeWorker extends EventEmitter {
  readonly #registry = new Registry();
  readonly #registers = [this.#registry];
  readonly calls = new Counter({ name: "calls_total", help: "c", labelNames: ["rpc"], registers: this.#registers });
  readonly open = new Gauge({ name: "open", help: "g", registers: this.#registers });
  readonly took = new Histogram({ name: "took", help: "h", buckets: [1], registers: this.#registers });
  /** How often it was asked for its metrics. */
  asked = 0;
  /** What it does when it is asked. */
  onRequested: "response" | "say nothing" | "fail" | "end" = "response";
  #isDead = false;
  #sums = 0;
  readonly #waiting = new Map<number, (text: string) => void>();

  isConnected(): boolean {
    return !this.#isDead;
  }

  isDead(): boolean {
    return this.#isDead;
  }

  serve(): void {
    this.emit("message", { serving: "http://127.0.0.1:1" });
  }

  end(): void {
    this.#isDead = true;
    this.emit("exit", null, "SIGKILL");
  }

  async send(message: unknown): Promise<void> {
    if (isSumResponse(message)) {
      this.#waiting.get(message.sumResponded)?.(message.metrics?.text ?? `fault: ${message.fault}`);
    }
    if (!isSnapshotRequest(message)) return;
    this.asked += 1;
    const { snapshotRequested: snapshotResponded } = message;
    if (this.onRequested === "end") this.end();
    if (this.onRequested === "fail") this.emit("message", { snapshotResponded, fault: "out of order" });
    if (this.onRequested !== "response") return;
    // As a message between processes: what it has does not change with the registry.
    const metrics: unknown = JSON.parse(JSON.stringify(await this.#registry.getMetricsAsJSON()));
    this.emit("message", { snapshotResponded, metrics });
  }

  /** The lines of the sum of all workers, without comments. */
  async sum(): Promise<readonly string[]> {
    this.#sums += 1;
    const sumRequested = this.#sums;
    const text = await new Promise<string>((resolve) => {
      this.#waiting.set(sumRequested, resolve);
      this.emit("message", { sumRequested });
    });
    return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  }
}

/** Workers that count together; those that do not response are waited for so long, in milliseconds. */
function workers(count: number, patience = 60_000): FakeWorker[] {
  const metrics = new WorkerMetrics(AggregatorRegistry, patience);
  return Array.from({ length: count }, () => {
    const worker = new FakeWorker();
    metrics.add(worker as unknown as Worker);
    return worker;
  });
}

describe("the metrics of workers", () => {
  it("keep counters and histograms of those that ended, and no gauges", async () => {
    const [one, two, three] = workers(3);
    assert.ok(one && two && three);
    for (const worker of [one, two, three]) {
      worker.serve();
      worker.calls.inc({ rpc: "a" }, 2);
      worker.open.set(5);
      worker.took.observe(0.5);
    }
    const all = ['calls_total{rpc="a"} 6', "open 15", 'took_bucket{le="1"} 3', 'took_bucket{le="+Inf"} 3'];
    assert.deepEqual(await one.sum(), [...all, "took_sum 1.5", "took_count 3"]);
    for (const [worker, left] of [
      [two, 10],
      [three, 5],
    ] as const) {
      worker.end();
      const rest = ['calls_total{rpc="a"} 6', `open ${left}`, ...all.slice(2), "took_sum 1.5", "took_count 3"];
      // Twice: what has ended is put together in between.
      for (let i = 0; i < 2; i++) assert.deepEqual(await one.sum(), rest);
    }
  });

  it("ask those only that serve, and those that ask", async () => {
    const [asking, serving, starting] = workers(3);
    serving?.serve();
    await asking?.sum();
    assert.deepEqual([asking?.asked, serving?.asked, starting?.asked], [1, 1, 0]);
    serving?.end();
    // What it said before may come after its end.
    serving?.serve();
    await asking?.sum();
    assert.deepEqual([asking?.asked, serving?.asked], [2, 1]);
  });

  it("have what one said last that does not response, or ends when it is asked", async () => {
    for (const onRequested of ["say nothing", "end"] as const) {
      const [one, two] = workers(2, 20);
      two?.serve();
      two?.calls.inc({ rpc: "a" }, 3);
      assert.equal((await one?.sum())?.[0], 'calls_total{rpc="a"} 3');
      if (two) two.onRequested = onRequested;
      two?.calls.inc({ rpc: "a" }, 3);
      assert.equal((await one?.sum())?.[0], 'calls_total{rpc="a"} 3');
    }
  });

  it("say why there are none if one fails", async () => {
    const [one, two] = workers(2);
    two?.serve();
    if (two) two.onRequested = "fail";
    assert.deepEqual(await one?.sum(), ["fault: Error: out of order"]);
  });

  it("are whole for questions at the same time while workers end", async () => {
    const [one, ...others] = workers(9);
    for (const worker of others) {
      worker.serve();
      worker.calls.inc({ rpc: "a" });
    }
    await one?.sum();
    const sums = others.map((worker) => {
      worker.end();
      return one?.sum();
    });
    for (const sum of await Promise.all(sums)) assert.equal(sum?.[0], 'calls_total{rpc="a"} 8');
    assert.equal((await one?.sum())?.[0], 'calls_total{rpc="a"} 8');
  });
});
