import assert from "node:assert/strict";
import type { CallObserver } from "../../../runtime/core/observe/call-observer.js";
import type { CallRecord } from "../../../runtime/core/observe/call-record.js";

/** An observer that records all calls, and reports starts and ends that do not match. */
export class CallLog implements CallObserver {
  readonly started: CallRecord[] = [];
  readonly ended: CallRecord[] = [];
  /** Violations of the observer's contract. */
  readonly faults: string[] = [];
  readonly #under = new Set<CallRecord>();
  #wake: () => void = () => {};

  onStart(call: CallRecord): void {
    if (this.#under.has(call)) this.faults.push("a call has started twice");
    if (call.isOver || call.code !== undefined || call.httpStatus !== undefined) this.faults.push("over at its start");
    this.started.push(call);
    this.#under.add(call);
  }

  onEnd(call: CallRecord): void {
    if (!this.#under.delete(call)) this.faults.push("a call has ended twice, or has not started");
    if (!call.isOver || call.code === undefined || call.httpStatus === undefined)
      this.faults.push("not over at its end");
    this.ended.push(call);
    this.#wake();
  }

  /** The number of calls in progress. */
  get underWay(): number {
    return this.#under.size;
  }

  /** Waits for the end of the nth call that ends, counted from 0, and returns it. */
  async end(number: number): Promise<CallRecord> {
    await this.until(() => this.ended.length > number);
    const call = this.ended[number];
    assert.ok(call !== undefined);
    return call;
  }

  /** Waits until a condition is true. It is checked each time a call ends. */
  async until(condition: () => boolean): Promise<void> {
    const late = setTimeout(() => this.#wake(), 30_000);
    const limit = performance.now() + 30_000;
    while (!condition()) {
      assert.ok(performance.now() < limit, `${this.started.length} calls started, ${this.ended.length} ended`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    clearTimeout(late);
  }
}
