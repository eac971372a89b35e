import { once } from "node:events";
import { type ClientRequest, get, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { EventReader } from "../core/session/event-reader.js";
import { Socket } from "../core/websocket/socket.js";
import { at, base64 } from "../http/etcd-json.js";
import { postStream } from "../http/json-stream.js";
import type { Random } from "./random.js";

/** Where a follower begins, and how it varies. */
export interface Following {
  readonly url: string;
  readonly prefix: string;
  /** The first revision. */
  readonly start: number;
  readonly random: Random;
}

/** Follows all changes of the keys with a prefix. */
export interface Follower {
  readonly name: string;
  /** The events so far: `PUT key revision`. */
  readonly events: readonly string[];
  /** Why it does not continue, if something went wrong. */
  readonly failure: string | undefined;
  stop(): void;
}

/** Opens a watch, and keeps what it receives. The watch must not end by itself. */
abstract class WatchFollower implements Follower {
  abstract readonly name: string;
  readonly events: string[] = [];
  failure: string | undefined;
  protected isStopped = false;

  /** Follows one watch to its end. */
  protected async follow(next: () => Promise<unknown>): Promise<void> {
    try {
      for (let message = await next(); message !== undefined; message = await next()) this.take(message);
    } catch (error) {
      if (!this.isStopped) this.failure = String(error);
    }
    if (!this.isStopped) this.failure ??= "the watch has ended";
  }

  /** Takes the events of a message `{"result":...}`. */
  protected take(message: unknown): void {
    for (const event of Object(at(message, "result")).events ?? []) {
      const key = Buffer.from(String(at(event, "kv", "key")), "base64").toString();
      this.events.push(`${Object(event).type ?? "PUT"} ${key} ${at(event, "kv", "mod_revision")}`);
    }
  }

  abstract stop(): void;
}

/** A watch over HTTP, whose client pauses from time to time. */
class HttpFollower extends WatchFollower {
  readonly name: string = "HTTP";
  readonly stop: () => void;

  constructor(following: Following) {
    super();
    const stream = postStream(`${following.url}/v3/watch`, createRequest(following));
    this.stop = () => {
      this.isStopped = true;
      stream.abort();
    };
    this.follow(async () => {
      if (following.random.below(50) === 0) await sleep(following.random.below(500));
      return await stream.next();
    });
  }
}

/** A watch on a WebSocket. */
class SocketFollower extends WatchFollower {
  readonly name: string = "WebSocket";
  readonly stop: () => void;

  constructor(following: Following) {
    super();
    const socket = new Socket(`${following.url.replace("http", "ws")}/v3/watch`);
    this.stop = () => {
      this.isStopped = true;
      socket.ws.close();
    };
    this.follow(async () => {
      await socket.opened();
      const frame = await socket.next();
      return frame === undefined ? undefined : JSON.parse(String(frame));
    });
    socket.ws.on("open", () => socket.send(JSON.stringify(createRequest(following))));
  }
}

/** An `EventSource` whose connection breaks every few seconds. It continues after the last event. */
class EventSourceFollower extends WatchFollower {
  readonly name: string = "EventSource";
  #request: ClientRequest | undefined;
  readonly #following: Following;
  #id = "";

  constructor(following: Following) {
    super();
    this.#following = following;
    this.#reconnect();
  }

  stop(): void {
    this.isStopped = true;
    this.#request?.destroy();
  }

  async #reconnect(): Promise<void> {
    while (!this.isStopped && this.failure === undefined) {
      await this.#connect().catch(() => {});
      await sleep(this.#following.random.below(300));
    }
  }

  async #connect(): Promise<void> {
    const { url, prefix, start, random } = this.#following;
    const query = new URLSearchParams({
      "create_request.key": base64(prefix),
      "create_request.range_end": base64(`${prefix}~`),
      "create_request.start_revision": `${start}`,
    });
    const headers = { Accept: "text/event-stream", ...(this.#id === "" ? {} : { "Last-Event-ID": this.#id }) };
    const request = get(`${url}/v3/watch?${query}`, { agent: false, headers });
    this.#request = request;
    request.on("error", () => {});
    const [response]: IncomingMessage[] = await once(request, "response");
    if (response === undefined) return;
    response.on("error", () => {});
    const timer = setTimeout(() => request.destroy(), random.below(5_000));
    try {
      const reader = new EventReader(response);
      for (let event = await reader.next(); event !== undefined; event = await reader.next()) {
        // An error, after which a browser reconnects, unless the error would occur again.
        if (event.type === "message") this.take({ result: JSON.parse(event.data) });
        else if (event.id === "end") this.failure = event.data;
        this.#id = event.id;
      }
    } finally {
      clearTimeout(timer);
      request.destroy();
    }
  }
}

/** Starts a follower of each kind. */
export function startFollowers(following: Following): readonly Follower[] {
  return [new HttpFollower(following), new SocketFollower(following), new EventSourceFollower(following)];
}

/** Starts a follower that does not use the gateway under test. */
export function startReference(following: Following): Follower {
  return new HttpFollower(following);
}

function createRequest({ prefix, start }: Following): object {
  return { create_request: { key: base64(prefix), range_end: base64(`${prefix}~`), start_revision: start } };
}
