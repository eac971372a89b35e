import { connect, type Socket } from "node:net";

/** A load: each connection sends its next request when it has the answer to the last, whatever that is. */
export interface ClosedLoop {
  readonly url: string;
  /** The JSON body of the POST. */
  readonly body: string;
  readonly connections: number;
  /** How long requests are sent, in milliseconds. */
  readonly duration: number;
}

/** What came of a load. */
export interface Outcome {
  /** How many answers there were of each status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** How many of the answers with the status 503 do not say `Retry-After`. */
  readonly withoutRetryAfter: number;
  /** How many connections the server closed. */
  readonly broken: number;
  /** How many requests had no answer when it was waited for no longer. */
  readonly unanswered: number;
  /** Of 99 in 100 answers with the status 200: how many others of the kind came at the most while they were waited for. */
  readonly overtaken: number;
}

/** How long it is waited for the last answers, in milliseconds. */
const PATIENCE = 60_000;

/**
 * Puts a server under load, by connections that it has accepted before: Node.js accepts one in a turn of its event loop,
 * so that hundreds that come when it is busy would wait for that, not for their answers.
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

  /** How many answers with the status 200 there were. */
  get served(): number {
    return this.#overtaken.length;
  }

  /** @param before how many had been served when its request was sent */
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
  /** Resolves when it has had a first answer, which does not count. */
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

  /** @param until when it sends no more, by the clock of `performance` */
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
