import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { TestContext } from "node:test";
import { type ClientOptions, WebSocket } from "ws";

/** How a socket was closed. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** What a socket is opened with. */
export interface SocketOptions extends ClientOptions {
  readonly protocols?: readonly string[];
}

/** A WebSocket of a client, whose frames are read one after the other. */
export class Socket {
  readonly ws: WebSocket;
  readonly closed: Promise<Closed>;
  readonly #frames: (Buffer | string)[] = [];
  #wake: () => void = () => {};
  #isClosed = false;

  constructor(url: string, { protocols = [], ...options }: SocketOptions = {}) {
    this.ws = new WebSocket(url, [...protocols], options);
    this.ws.on("error", () => {});
    this.ws.on("message", (data: Buffer, isBinary) => {
      this.#frames.push(isBinary ? data : data.toString());
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      this.ws.on("close", (code, reason) => {
        this.#isClosed = true;
        this.#wake();
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /** Waits until it is open. */
  async opened(): Promise<this> {
    if (this.ws.readyState === WebSocket.CONNECTING) await once(this.ws, "open");
    return this;
  }

  /** The response that refuses it. */
  async refused(): Promise<{ status: number; headers: IncomingMessage["headers"]; body: string }> {
    const [, res]: [unknown, IncomingMessage] = await new Promise((resolve, reject) => {
      this.ws.on("unexpected-response", (...args) => resolve(args));
      this.ws.on("open", () => reject(new Error("it was not refused")));
    });
    const chunks: Buffer[] = await res.toArray();
    return { status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks).toString() };
  }

  send(frame: string | Buffer): void {
    this.ws.send(frame);
  }

  /** The next frame; bytes if it is binary, `undefined` if there is none before the end. */
  async next(): Promise<string | Buffer | undefined> {
    while (this.#frames.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#frames.shift();
  }

  /** The next frame, which is JSON. */
  async json(): Promise<unknown> {
    const frame = await this.next();
    if (typeof frame !== "string") throw new Error(`no text frame, but ${frame}`);
    return JSON.parse(frame);
  }

  /** All frames to the end. */
  async rest(): Promise<(string | Buffer)[]> {
    await this.closed;
    return this.#frames.splice(0);
  }
}

/** Opens a WebSocket to a port of this machine, until the test ends. */
export async function openSocket(
  t: TestContext,
  port: number,
  path: string,
  options: SocketOptions = {},
): Promise<Socket> {
  return await toSocket(t, port, path, options).opened();
}

/** Begins to open one. */
export function toSocket(t: TestContext, port: number, path: string, options: SocketOptions = {}): Socket {
  const socket = new Socket(`ws://127.0.0.1:${port}${path}`, options);
  t.after(() => socket.ws.terminate());
  return socket;
}
