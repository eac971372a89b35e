import { connect, type Socket } from "node:net";

/** A load in which each connection sends its next request when it has the response to the last, whatever its status. */
export interface ClosedLoop {
  readonly url: string;
  /** The JSON body of the POST. */
  readonly body: string;
  readonly connections: number;
  /** How long requests are sent, in milliseconds. */
  readonly duration: number;
}

/** The result of a load. */
export interface Outcome {
  /** The number of responses by status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** The number of responses with status 503 that lack `Retry-After`. */
  readonly withoutRetryAfter: number;
  /** The number of connections that the server closed. */
  readonly broken: number;
  /** The number of requests without a response when the waiting time was over. */
  readonly unanswered: number;
  /**
   * The 99th percentile of how many other responses with status 200 came while a response with status 200 was awaited.
   */
  readonly overtaken: number;
}

/** How long to wait for the last responses, in milliseconds. */
const PATIENCE = 60_000;

/**
 * Puts a server under load, over connections that it has already accepted. Node.js accepts one connection per turn of
 * its event loop. Hundreds of new ones would wait for that instead of for their responses.
 */
export async function closedLoop({ url, body, connections, duration }: ClosedLoop): Promise<Outcome> {
  const { hostname, port, pathname, host } = new URL(url);
  const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const tally = new Tally();
  const clients: Client[] = [];
  while (clients.length < connections) {
    const client = new Client(connect(Number(port), hostname), head + body, tally);
    await client.ready;
    clients.push(client);
  }
  const until = performance.now() + duration;
  for (const client of clients) client.start(until);
  const timer = setTimeout(() => {
    for (const client of clients) client.giveUp();
  }, duration + PATIENCE);
  await Promise.all(clients.map(({ done }) => done));
  clearTimeout(timer);
  return tally.outcome();
}

class Tally {
  readonly #statuses: Record<number, number> = {};
  readonly #overtaken: number[] = [];
  withoutRetryAfter = 0;
  broken = 0;
  unanswered = 0;

  /** The number of responses with status 200. */
  get served(): number {
    return this.#overtaken.length;
  }

  /** @param before the number of responses with status 200 when the request was sent */
  count(status: number, answer: string, before: number): void {
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    if (status === 200) this.#overtaken.push(this.served - before);
    if (status === 503 && !answer.includes("\r\nRetry-After: 1\r\n")) this.withoutRetryAfter++;
  }

  outcome(): Outcome {
    const sorted = this.#overtaken.toSorted((a, b) => a - b);
    const { withoutRetryAfter, broken, unanswered } = this;
    return {
      statuses: this.#statuses,
      withoutRetryAfter,
      broken,
      unanswered,
      overtaken: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    };
  }
}

/** One connection of a load. */
class Client {
  /** Resolves after the first response, which is not counted. */
  readonly ready: Promise<void>;
  readonly done: Promise<void>;
  readonly #socket: Socket;
  readonly #request: string;
  readonly #tally: Tally;
  #until: number | undefined;
  #received = "";
  #servedBefore = 0;
  #isOver = false;
  #onReady: () => void = () => {};
  #onDone: () => void = () => {};

  constructor(socket: Socket, request: string, tally: Tally) {
    this.#socket = socket;
    this.#request = request;
    this.#tally = tally;
    this.ready = new Promise((resolve) => {
      this.#onReady = resolve;
    });
    this.done = new Promise((resolve) => {
      this.#onDone = resolve;
    });
    socket.setEncoding("latin1").setNoDelay(true);
    socket.on("connect", () => this.#send());
    socket.on("data", (chunk: string) => this.#onData(chunk));
    socket.on("error", () => {});
    socket.on("close", () => {
      if (!this.#isOver) this.#tally.broken++;
      this.#finish();
    });
  }

  /** @param until the time at which it stops sending, as in `performance.now()` */
  start(until: number): void {
    this.#until = until;
    this.#send();
  }

  giveUp(): void {
    if (this.#isOver) return;
    this.#tally.unanswered++;
    this.#finish();
  }

  #send(): void {
    this.#received = "";
    this.#servedBefore = this.#tally.served;
    this.#socket.write(this.#request);
  }

  #onData(chunk: string): void {
    this.#received += chunk;
    const end = this.#received.indexOf("\r\n\r\n");
    const length = /\r\nContent-Length: (\d+)/.exec(this.#received)?.[1];
    if (end === -1 || this.#received.length < end + 4 + Number(length)) return;
    if (this.#until === undefined) {
      this.#onReady();
      return;
    }
    this.#tally.count(Number(this.#received.slice(9, 12)), this.#received, this.#servedBefore);
    if (performance.now() < this.#until) this.#send();
    else this.#finish();
  }

  #finish(): void {
    this.#isOver = true;
    this.#socket.destroy();
    this.#onReady();
    this.#onDone();
  }
}
