import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A response, possibly incomplete. */
export interface RawResponse {
  readonly status: number;
  /** The status line and the headers. */
  readonly head: string;
  body: string;
  isComplete: boolean;
}

/** Returns the text of a POST request with a `Content-Length`. */
export function post(path: string, body: string, ...headers: readonly string[]): string {
  const lines = [`POST ${path} HTTP/1.1`, "Host: a", ...headers, `Content-Length: ${Buffer.byteLength(body)}`];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** Returns the text of a WebSocket handshake. */
export function handshake(path: string): string {
  const upgrade = ["Connection: Upgrade", "Upgrade: websocket"];
  const key = ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];
  return `${[`GET ${path} HTTP/1.1`, "Host: a", ...upgrade, ...key].join("\r\n")}\r\n\r\n`;
}

/** A connection that sends raw bytes and reads the responses one after another. */
export class RawConnection {
  readonly socket: Socket;
  /** The responses so far, in order. */
  readonly responses: RawResponse[] = [];
  isClosed = false;
  #text = "";
  #wake: () => void = () => {};

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    // A server that has responded may close a connection on which more data arrives.
    this.socket.on("error", () => {});
    this.socket.on("data", (chunk) => {
      this.#text += chunk.toString("latin1");
      while (this.#read());
      this.#wake();
    });
    this.socket.on("close", () => {
      this.isClosed = true;
      const last = this.responses.at(-1);
      if (last !== undefined && !/^(content-length|transfer-encoding):/im.test(last.head)) last.isComplete = true;
      this.#wake();
    });
  }

  /** The statuses of the responses, in order. */
  get statuses(): readonly number[] {
    return this.responses.map(({ status }) => status);
  }

  /** The bodies of the responses, in order. */
  get bodies(): readonly string[] {
    return this.responses.map(({ body }) => body);
  }

  /** Writes bytes in pieces, which the server probably reads separately. */
  async send(...pieces: readonly string[]): Promise<this> {
    for (const piece of pieces) {
      this.socket.write(piece, "latin1");
      await new Promise(setImmediate);
    }
    return this;
  }

  /** Waits until a condition holds. @throws Error if the connection is closed, or a minute passes, before it does */
  async until(condition: (connection: this) => boolean): Promise<this> {
    const limit = setTimeout(() => this.socket.destroy(), 60_000);
    try {
      while (!condition(this)) {
        if (this.isClosed) throw new Error(`it never came to that: ${JSON.stringify(this.responses)}`);
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(limit);
    }
    return this;
  }

  /** Waits for a number of complete responses. */
  answers(count: number): Promise<this> {
    return this.until(({ responses }) => responses.length >= count && responses[count - 1]?.isComplete === true);
  }

  /** Destroys the connection. */
  async leave(): Promise<void> {
    this.socket.destroy();
    if (!this.isClosed) await once(this.socket, "close");
  }

  /** Reads the next part of a response. Returns `false` if it has not arrived yet. */
  #read(): boolean {
    const last = this.responses.at(-1);
    if (last === undefined || (last.isComplete && last.status !== 101)) return this.#readHead();
    if (/^transfer-encoding: *chunked/im.test(last.head)) return this.#readChunk(last);
    const length = Number(/^content-length: *(\d+)/im.exec(last.head)?.[1] ?? Number.POSITIVE_INFINITY);
    const part = this.#text.slice(0, length - last.body.length);
    last.body += part;
    this.#text = this.#text.slice(part.length);
    last.isComplete = last.body.length === length;
    return part.length > 0 && last.isComplete;
  }

  #readHead(): boolean {
    const end = this.#text.indexOf("\r\n\r\n");
    if (end === -1) return false;
    const head = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 4);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
    if (Number.isNaN(status)) throw new Error(`this is no head of a response: ${JSON.stringify(head)}`);
    if (status !== 100) {
      const isComplete = status === 101 || status === 204 || /^content-length: *0$/im.test(head);
      this.responses.push({ status, head, body: "", isComplete });
    }
    return true;
  }

  #readChunk(response: RawResponse): boolean {
    const line = /^([0-9a-f]+)\r\n/i.exec(this.#text);
    if (line === null) return false;
    const start = line[0].length;
    const length = Number.parseInt(line[1] ?? "", 16);
    if (this.#text.length < start + length + 2) return false;
    response.body += this.#text.slice(start, start + length);
    response.isComplete = length === 0;
    this.#text = this.#text.slice(start + length + 2);
    return true;
  }
}
