import type { Connection, Place, Traffic } from "./connection.js";

interface Waiter {
  readonly traffic: Traffic;
  readonly resume: (connection: Connection) => void;
}

/** The connections to all endpoints. Calls take turns among the endpoints that are ready. */
export class Pool {
  readonly #places: readonly Place[];
  readonly #connections: Readonly<Record<Traffic, Connection[][]>>;
  readonly #waiters: Set<Waiter> = new Set();
  #turn = 0;
  #closed = false;

  constructor(places: readonly Place[]) {
    this.#places = places;
    this.#connections = { short: places.map(() => []), long: places.map(() => []) };
  }

  /**
   * Takes a connection that is ready, if possible not to the endpoint to avoid; `undefined` if none is. Whoever takes
   * one gives it back with `release`.
   */
  take(traffic: Traffic, avoid: number | undefined): Connection | undefined {
    if (this.#closed) return undefined;
    const count = this.#places.length;
    let last: Connection | undefined;
    for (let i = 0; i < count; i++) {
      const endpoint = (this.#turn + i) % count;
      const connection = this.#free(traffic, endpoint);
      if (connection === undefined) continue;
      last = connection;
      if (endpoint !== avoid) break;
    }
    if (last === undefined) return undefined;
    this.#turn = (last.endpoint + 1) % count;
    last.calls += 1;
    return last;
  }

  /** Connects to all endpoints and calls `resume` with the first connection taken. Returns a way to stop waiting. */
  wait(traffic: Traffic, resume: (connection: Connection) => void): () => void {
    const waiter: Waiter = { traffic, resume };
    this.#waiters.add(waiter);
    for (const connections of this.#connections[traffic]) {
      for (const connection of connections) connection.connect();
    }
    return () => this.#waiters.delete(waiter);
  }

  /** Gives a connection back when its call is over. */
  release(traffic: Traffic, connection: Connection): void {
    connection.calls -= 1;
    if (traffic === "short") return;
    if (connection.calls === 0) this.#closeIfSpare(connection);
    this.#resume("long");
  }

  /** Tells why no endpoint is ready: a line an endpoint. */
  explain(traffic: Traffic, report: (reasons: string) => void): void {
    const lines = this.#places.map((place) => `${place.name}: not tried`);
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
          lines[endpoint] = `${this.#places[endpoint]?.name}: ${reason}`;
          closeOne();
        });
      }
    }
    closeOne();
  }

  /** Lets go of all connections. */
  close(): void {
    this.#closed = true;
    for (const endpoints of Object.values(this.#connections)) {
      for (const connection of endpoints.flat()) connection.close();
    }
  }

  #free(traffic: Traffic, endpoint: number): Connection | undefined {
    const connections = this.#connections[traffic][endpoint] ?? [];
    let full = true;
    for (const connection of connections) {
      if (connection.ready && connection.calls < connection.capacity) return connection;
      full &&= connection.ready;
    }
    const place = this.#places[endpoint];
    if (full && place !== undefined) connections.push(place.open(traffic, () => this.#resume(traffic)));
    return undefined;
  }

  /** Closes a connection without calls if another has room enough. */
  #closeIfSpare(connection: Connection): void {
    const siblings = this.#connections.long[connection.endpoint] ?? [];
    if (!siblings.some((other) => other !== connection && other.calls < other.capacity / 2)) return;
    siblings.splice(siblings.indexOf(connection), 1);
    connection.close();
  }

  #resume(traffic: Traffic): void {
    for (const waiter of this.#waiters) {
      if (waiter.traffic !== traffic) continue;
      const connection = this.take(traffic, undefined);
      if (connection === undefined) return;
      this.#waiters.delete(waiter);
      waiter.resume(connection);
    }
  }
}
