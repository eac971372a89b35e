import type { TestContext } from "node:test";

/** A clock for {@link UnreadResponses}, which moves as a test says. */
export class Clock {
  readonly #timers: TestContext["mock"]["timers"];
  #now = 0;

  constructor({ mock }: TestContext) {
    mock.timers.enable({ apis: ["setInterval"] });
    mock.method(performance, "now", () => this.#now);
    this.#timers = mock.timers;
  }

  /** Lets milliseconds pass. */
  pass(milliseconds: number): void {
    this.#now += milliseconds;
    this.#timers.tick(milliseconds);
  }
}
