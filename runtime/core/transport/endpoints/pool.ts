import type { EndpointStatus } from "../transport.js";
import type { Connection, Traffic } from "./connection.js";
import type { Connector } from "./connector.js";
import { Silence } from "./silence.js";

/**
 * How long the first endpoint that is ready gets only its share of the waiting calls, in milliseconds. The other
 * endpoints are likely to be ready soon.
 */
const HEAD_START = 50;

/** The number of calls added to the count of a suspect endpoint, and to that of an endpoint to avoid. */
const LAST_BUT_ONE = 2 ** 40;
const LAST = 2 ** 41;

interface Waiter {
  readonly traffic: Traffic;
  readonly resume: (connection: Connection) => void;
}

/**
 * The connections to all endpoints. A call goes to the ready endpoint with the fewest calls. An endpoint that is silent
 * while others respond is used only if there is no other.
 */
export class Pool {
  readonly #connectors: readonly Connector[];
  readonly #connections: Readonly<Record<Traffic, Connection[][]>>;
  readonly #waiters: Set<Waiter> = new Set();
  readonly #silence: Silence;
  /**
   * By kind of call: the number of waiting calls that each endpoint may take when it becomes ready, while other
   * endpoints may be ready soon.
   */
  readonly #shares = new Map<Traffic, { readonly calls: number; readonly timer: NodeJS.Timeout }>();
  #turn = 0;
  #closed = false;

  /** @param onSilent called when an endpoint becomes silent while others respond */
  constructor(connectors: readonly Connector[], onSilent: (endpoint: number) => void) {
    this.#connectors = connectors;
    this.#connections = { short: connectors.map(() => []), long: connectors.map(() => []) };
    this.#silence = new Silence(this.#connections.short, onSilent);
  }

  /**
   * Takes a ready connection to the endpoint with the fewest calls, and if possible not to an endpoint in `avoid`, least
   * of all to the last one there. Returns `undefined` if no connection is ready. The caller must call `release`
   * afterwards.
   *
   * Calls to a slow or silent endpoint accumulate there only until it has as many as the others. It can therefore never
   * hold the calls of all clients that wait for one response before they make the next call. Endpoints with the same
   * number of calls take turns.
   */
  take(traffic: Traffic, avoid: readonly number[]): Connection | undefined {
    if (this.#closed) return undefined;
    const count = this.#connectors.length;
    let best: Connection | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const endpoint = (this.#turn + i) % count;
      const connection = this.#free(traffic, endpoint);
      if (connection === undefined) continue;
      let calls = this.#callsTo(traffic, endpoint);
      if (this.#silence.isSuspect(endpoint)) calls += LAST_BUT_ONE;
      calls += LAST * (avoid.lastIndexOf(endpoint) + 1);
      if (calls >= fewest) continue;
      fewest = calls;
      best = connection;
    }
    return best && this.#begin(traffic, best);
  }

  /**
   * Connects to all endpoints, and calls `resume` with the first connection that can be taken. Returns a function that
   * stops waiting.
   */
  wait(traffic: Traffic, resume: (connection: Connection) => void): () => void {
    const waiter: Waiter = { traffic, resume };
    this.#waiters.add(waiter);
    for (const connections of this.#connections[traffic]) {
      for (const connection of connections) connection.connect();
    }
    return () => this.#waiters.delete(waiter);
  }

  /** Returns a connection to the pool after its call has ended. */
  release(traffic: Traffic, connection: Connection): void {
    connection.calls -= 1;
    if (traffic === "short") return;
    if (connection.calls === 0) this.#closeIfSpare(connection);
    this.#resume("long");
  }

  /** Returns the name of a connection's endpoint. */
  nameOf({ endpoint }: Connection): string {
    return this.#connectors[endpoint]?.name ?? "";
  }

  /** Returns the number of the endpoint with a name, or `undefined` if there is none. */
  numberOf(name: string): number | undefined {
    const number = this.#connectors.findIndex((connector) => connector.name === name);
    return number < 0 ? undefined : number;
  }

  /** Returns the status of each endpoint. */
  status(): readonly EndpointStatus[] {
    return this.#connectors.map(({ name }, endpoint) => {
      const connections = [this.#connections.short, this.#connections.long].flatMap((all) => all[endpoint] ?? []);
      const ready = connections.filter((connection) => connection.ready).length;
      const calls = connections.reduce((sum, connection) => sum + connection.calls, 0);
      return { endpoint: name, ready, notReady: connections.length - ready, calls };
    });
  }

  /** Reports why no endpoint is ready, with the reason for each endpoint. */
  explain(traffic: Traffic, report: (reasons: string) => void): void {
    const lines = this.#connectors.map(({ name }) => `${name}: not tried`);
    let open = 0;
    const closeOne = (): void => {
      open -= 1;
      if (open === 0) report(lines.join("; "));
    };
    open += 1;
    for (const [endpoint, connections] of this.#connections[traffic].entries()) {
      open += 1;
      const connection = connections.at(-1);
      if (connection === undefined) closeOne();
      else {
        connection.explain((reason) => {
          lines[endpoint] = `${this.#connectors[endpoint]?.name}: ${reason}`;
          closeOne();
        });
      }
    }
    closeOne();
  }

  /** Closes all connections. */
  close(): void {
    this.#closed = true;
    this.#silence.close();
    for (const { timer } of this.#shares.values()) clearTimeout(timer);
    for (const endpoints of Object.values(this.#connections)) {
      for (const connection of endpoints.flat()) connection.close();
    }
  }

  /** Returns the number of calls of a kind to an endpoint. */
  #callsTo(traffic: Traffic, endpoint: number): number {
    let calls = 0;
    for (const connection of this.#connections[traffic][endpoint] ?? []) calls += connection.calls;
    return calls;
  }

  #free(traffic: Traffic, endpoint: number): Connection | undefined {
    const connections = this.#connections[traffic][endpoint] ?? [];
    let full = true;
    for (const connection of connections) {
      if (connection.ready && connection.calls < connection.capacity) return connection;
      full &&= connection.ready;
    }
    const connector = this.#connectors[endpoint];
    if (full && connector !== undefined) {
      connections.push(connector.open(traffic, () => this.#onReady(traffic, endpoint)));
    }
    return undefined;
  }

  #begin(traffic: Traffic, connection: Connection): Connection {
    this.#turn = (connection.endpoint + 1) % this.#connectors.length;
    connection.calls += 1;
    if (traffic === "short") this.#silence.begin();
    return connection;
  }

  /** Closes a connection without calls if another one has enough room. */
  #closeIfSpare(connection: Connection): void {
    const siblings = this.#connections.long[connection.endpoint] ?? [];
    if (!siblings.some((other) => other !== connection && other.calls < other.capacity / 2)) return;
    siblings.splice(siblings.indexOf(connection), 1);
    connection.close();
  }

  /**
   * Gives an endpoint that has become ready its share of the waiting calls. If it is the last endpoint to become ready,
   * or after {@link HEAD_START}, all remaining calls may continue.
   */
  #onReady(traffic: Traffic, endpoint: number): void {
    const isLast = this.#connections[traffic].every((connections) => connections.some(({ ready }) => ready));
    let share = this.#shares.get(traffic);
    const waiting = [...this.#waiters].filter((waiter) => waiter.traffic === traffic).length;
    if (share === undefined && waiting > 0 && !isLast) {
      const timer = setTimeout(() => this.#endShares(traffic), HEAD_START).unref();
      share = { calls: Math.ceil(waiting / this.#connectors.length), timer };
      this.#shares.set(traffic, share);
    }
    let left = share?.calls ?? 0;
    this.#resume(traffic, () => {
      const connection = left-- > 0 ? this.#free(traffic, endpoint) : undefined;
      return connection && this.#begin(traffic, connection);
    });
    if (isLast) this.#endShares(traffic);
  }

  #endShares(traffic: Traffic): void {
    clearTimeout(this.#shares.get(traffic)?.timer);
    this.#shares.delete(traffic);
    this.#resume(traffic);
  }

  /** Lets waiting calls continue, in order, while there are connections for them. */
  #resume(traffic: Traffic, take: () => Connection | undefined = () => this.take(traffic, [])): void {
    for (const waiter of this.#waiters) {
      if (waiter.traffic !== traffic) continue;
      const connection = take();
      if (connection === undefined) return;
      this.#waiters.delete(waiter);
      waiter.resume(connection);
    }
  }
}
