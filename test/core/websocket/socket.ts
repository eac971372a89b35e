import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { TestContext } from "node:test";
import { type ClientOptions, WebSocket } from "ws";

/** The close code and reason of a socket. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** The options of a socket. */
export interface SocketOptions extends ClientOptions {
  readonly protocols?: readonly string[];
}

/** A client's WebSocket. Its frames are read one after the other. */
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

  /** Waits until the socket is open. */
  async opened(): Promise<this> {
    if (this.ws.readyState === WebSocket.CONNECTING) await once(this.ws, "open");
    return this;
  }

  /** Waits for the response that rejects the socket. */
  async rejected(): Promise<{ status: number; headers: IncomingMessage["headers"]; body: string }> {
    const [, res]: [unknown, IncomingMessage] = await new Promise((resolve, reject) => {
      this.ws.on("unexpected-response", (...args) => resolve(args));
      this.ws.on("open", () => reject(new Error("it was not rejected")));
    });
    const chunks: Buffer[] = await res.toArray();
    return { status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks).toString() };
  }

  send(frame: string | Buffer): void {
    this.ws.send(frame);
  }

  /** Returns the next frame: a string, or bytes if the frame is binary. Returns `undefined` at the end. */
  async next(): Promise<string | Buffer | undefined> {
    while (this.#frames.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#frames.shift();
  }

  /** Returns the value of the next frame, which must be JSON text. */
  async json(): Promise<unknown> {
    const frame = await this.next();
    if (typeof frame !== "string") throw new Error(`no text frame, but ${frame}`);
    return JSON.parse(frame);
  }

  /** Waits for the end and returns all remaining frames. */
  async rest(): Promise<(string | Buffer)[]> {
    await this.closed;
    return this.#frames.splice(0);
  }
}

/** Opens a WebSocket to a local port. It is closed when the test ends. */
export async function openSocket(
  t: TestContext,
  port: number,
  path: string,
  options: SocketOptions = {},
): Promise<Socket> {
  return await toSocket(t, port, path, options).opened();
}

/** Starts to open a WebSocket, without waiting for the result. */
export function toSocket(t: TestContext, port: number, path: string, options: SocketOptions = {}): Socket {
  const socket = new Socket(`ws://127.0.0.1:${port}${path}`, options);
  t.after(() => socket.ws.terminate());
  return socket;
}
