import type { Attempt, AttemptListener } from "./attempt.js";
import type { Connection } from "./connection.js";

/** The time between two sweeps, in milliseconds. */
const SWEEP_INTERVAL = 250;
/** The number of consecutive sweeps without data from an endpoint with calls after which it is probed. */
const ASK_AFTER = 2;
/** The number of such sweeps after which it is suspect, if other endpoints have sent data meanwhile. */
const SUSPECT_AFTER = 4;
/** The method of a probe: the standard health check. Any response counts, even that the method does not exist. */
const PROBE_PATH = "/grpc.health.v1.Health/Check";

/** The state of an endpoint. Times are counted in sweeps. */
interface EndpointState {
  /** The sum of its connections' `heard` at the last sweep. */
  heard: number;
  /** The sweep in which it was last heard. */
  heardAt: number;
  /** The number of sweeps in which calls have waited for it and nothing has arrived. */
  quietFor: number;
  isSuspect: boolean;
  probe: Attempt | undefined;
}

/**
 * Detects endpoints that are silent while others respond: a machine that hangs, a stopped process, a network that drops
 * packets. Such an endpoint is suspect until it sends anything.
 *
 * - Only connections for short calls count. A network can drop the packets of one connection alone, while streams of the
 *   same endpoint continue on others.
 * - An endpoint that works on a long call is silent too, but it responds to a probe.
 * - If there is only one endpoint, or if all of them are silent, none is suspect.
 * - One timer runs while there are short calls. It never keeps the process alive.
 * - Silence is counted in turns of the timer. A busy event loop, which receives nothing, therefore makes no endpoint
 *   suspect.
 */
export class Silence {
  readonly #connections: readonly (readonly Connection[])[];
  readonly #endpoints: readonly EndpointState[];
  readonly #onSuspect: (endpoint: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #now = 0;
  #suspects = 0;

  /**
   * @param connections the connections for short calls, by endpoint
   * @param onSuspect called when an endpoint becomes suspect
   */
  constructor(connections: readonly (readonly Connection[])[], onSuspect: (endpoint: number) => void) {
    this.#connections = connections;
    this.#onSuspect = onSuspect;
    this.#endpoints = connections.map(() => ({
      heard: 0,
      heardAt: Number.NEGATIVE_INFINITY,
      quietFor: 0,
      isSuspect: false,
      probe: undefined,
    }));
  }

  /** Starts the timer, because a short call has begun. */
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

  /** Stops the timer and the probes. */
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
        for (const connection of this.#connections[number] ?? []) connection.check();
        this.#onSuspect(number);
      }
    }
    if (calls > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Updates an endpoint if it has sent anything. @returns whether it has */
  #listen(number: number, endpoint: EndpointState): boolean {
    let heard = 0;
    for (const connection of this.#connections[number] ?? []) heard += connection.heard;
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
    for (const connection of this.#connections[number] ?? []) calls += connection.calls;
    return calls;
  }

  #hearsAnother(endpoint: EndpointState): boolean {
    return this.#endpoints.some((other) => other !== endpoint && other.heardAt > this.#now - SUSPECT_AFTER);
  }

  /**
   * Probes all endpoints that are quiet. The others are probed too, because an endpoint without calls sends nothing by
   * itself.
   */
  #ask(): void {
    for (const [number, endpoint] of this.#endpoints.entries()) {
      if (endpoint.heardAt === this.#now || endpoint.probe !== undefined) continue;
      const connection = this.#connections[number]?.find(({ ready }) => ready);
      endpoint.probe = connection?.start(PROBE_PATH, [], undefined, new Probe(endpoint));
      endpoint.probe?.send(NOTHING, true);
    }
  }
}

const NOTHING = Buffer.alloc(0);

/** Receives the response to a probe. Its content does not matter: the connection's `heard` has changed. */
class Probe implements AttemptListener {
  readonly #endpoint: EndpointState;

  constructor(endpoint: EndpointState) {
    this.#endpoint = endpoint;
  }

  onHeaders(): void {}
  onLarge(): void {}
  onMessage(): void {}
  onSent(): void {}

  onOk(): void {
    this.#endpoint.probe = undefined;
  }

  onFailed(): void {
    this.#endpoint.probe = undefined;
  }
}

function endProbe(endpoint: EndpointState): void {
  endpoint.probe?.cancel();
  endpoint.probe = undefined;
}
