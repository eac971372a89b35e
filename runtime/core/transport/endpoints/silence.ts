import type { Attempt, AttemptListener } from "./attempt.js";
import type { Connection, Traffic } from "./connection.js";

/** How often it is looked who is silent, in milliseconds. */
const SWEEP_INTERVAL = 250;
/** In how many sweeps in a row nothing must have come from an endpoint with calls, until it is asked for a sign of life. */
const ASK_AFTER = 2;
/** And until it is suspect, if others were heard meanwhile. */
const SUSPECT_AFTER = 4;
/** What an endpoint is asked: the standard health check. Any answer is one, that there is no such method too. */
const PROBE_PATH = "/grpc.health.v1.Health/Check";

/** What is known of an endpoint. Moments are counted in sweeps. */
interface Endpoint {
  /** How much had been heard from it at the last sweep. */
  heard: number;
  /** When it had last been heard. */
  heardAt: number;
  /** For how long calls have waited for it, and nothing has come. */
  quietFor: number;
  isSuspect: boolean;
  probe: Attempt | undefined;
}

/**
 * Looks for endpoints that are silent while others answer: a machine that hangs, a process that is stopped, a network
 * that swallows what it is given. They are suspect until anything comes from them.
 *
 * An endpoint that works on a long call is silent, too, but answers a probe. With one endpoint, or if none of them is
 * heard, nothing is suspect. One timer runs while there are short calls; it never keeps the process alive. Silence is counted
 * in turns of the timer, so that a busy event loop, which hears nobody, makes nobody suspect.
 */
export class Silence {
  readonly #connections: Readonly<Record<Traffic, readonly (readonly Connection[])[]>>;
  readonly #endpoints: readonly Endpoint[];
  readonly #onSuspect: (endpoint: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #now = 0;
  #suspects = 0;

  /** @param onSuspect called when an endpoint becomes suspect */
  constructor(
    connections: Readonly<Record<Traffic, readonly (readonly Connection[])[]>>,
    onSuspect: (endpoint: number) => void,
  ) {
    this.#connections = connections;
    this.#onSuspect = onSuspect;
    this.#endpoints = connections.short.map(() => ({
      heard: 0,
      heardAt: Number.NEGATIVE_INFINITY,
      quietFor: 0,
      isSuspect: false,
      probe: undefined,
    }));
  }

  /** Says that a short call begins. */
  begin(): void {
    if (this.#timer !== undefined || this.#endpoints.length < 2) return;
    this.#timer = setInterval(() => this.#sweep(), SWEEP_INTERVAL).unref();
  }

  /** Whether an endpoint is suspect. */
  isSuspect(number: number): boolean {
    if (this.#suspects === 0) return false;
    const endpoint = this.#endpoints[number];
    if (endpoint === undefined || !endpoint.isSuspect) return false;
    this.#listen(number, endpoint);
    return endpoint.isSuspect;
  }

  /** Ends the watch. */
  close(): void {
    clearInterval(this.#timer);
    for (const endpoint of this.#endpoints) endProbe(endpoint);
  }

  #sweep(): void {
    this.#now += 1;
    let calls = 0;
    for (const [number, endpoint] of this.#endpoints.entries()) {
      const waiting = this.#waitingFor(number);
      calls += waiting;
      if (this.#listen(number, endpoint)) continue;
      if (waiting > 0 || endpoint.isSuspect) endpoint.quietFor += 1;
      else {
        endpoint.quietFor = 0;
        endProbe(endpoint);
      }
    }
    for (const [number, endpoint] of this.#endpoints.entries()) {
      if (endpoint.quietFor === ASK_AFTER && !endpoint.isSuspect) this.#ask();
      if (endpoint.quietFor >= SUSPECT_AFTER && !endpoint.isSuspect && this.#hearsAnother(endpoint)) {
        endpoint.isSuspect = true;
        this.#suspects += 1;
        for (const connection of this.#connections.short[number] ?? []) connection.check();
        this.#onSuspect(number);
      }
    }
    if (calls > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Takes note of what has come from an endpoint. @returns whether anything has */
  #listen(number: number, endpoint: Endpoint): boolean {
    let heard = 0;
    for (const connections of Object.values(this.#connections)) {
      for (const connection of connections[number] ?? []) heard += connection.heard;
    }
    if (heard === endpoint.heard) return false;
    endpoint.heard = heard;
    endpoint.heardAt = this.#now;
    endpoint.quietFor = 0;
    endProbe(endpoint);
    if (endpoint.isSuspect) this.#suspects -= 1;
    endpoint.isSuspect = false;
    return true;
  }

  #waitingFor(number: number): number {
    let calls = 0;
    for (const connection of this.#connections.short[number] ?? []) calls += connection.calls;
    return calls;
  }

  #hearsAnother(endpoint: Endpoint): boolean {
    return this.#endpoints.some((other) => other !== endpoint && other.heardAt > this.#now - SUSPECT_AFTER);
  }

  /** Asks all who are quiet for a sign of life: the others, too, as those who have no call do not speak by themselves. */
  #ask(): void {
    for (const [number, endpoint] of this.#endpoints.entries()) {
      if (endpoint.heardAt === this.#now || endpoint.probe !== undefined) continue;
      const connection = this.#connections.short[number]?.find(({ ready }) => ready);
      endpoint.probe = connection?.start(PROBE_PATH, [], undefined, new Probe(endpoint));
      endpoint.probe?.send(NOTHING, true);
    }
  }
}

const NOTHING = Buffer.alloc(0);

/** Hears the answer to a probe. What counts is that its connection has heard something. */
class Probe implements AttemptListener {
  readonly #endpoint: Endpoint;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  onHeaders(): void {}
  onMessage(): void {}
  onSent(): void {}

  onOk(): void {
    this.#endpoint.probe = undefined;
  }

  onFailed(): void {
    this.#endpoint.probe = undefined;
  }
}

function endProbe(endpoint: Endpoint): void {
  endpoint.probe?.cancel();
  endpoint.probe = undefined;
}
