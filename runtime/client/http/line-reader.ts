import { Code } from "../errors/code.js";
import { RpcError } from "../errors/rpc-error.js";

const LINE_FEED = 10;

/** Reads the body of a response piece by piece, on demand. Flow control holds the server back while nothing is read. */
export class BodyReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor({ body }: Response) {
    this.#reader = body?.getReader();
  }

  /** Returns the next piece; `undefined` at the end. */
  async next(): Promise<Uint8Array | undefined> {
    return (await this.#reader?.read())?.value;
  }
}

/** Reads the body of a response line by line. */
export class LineReader {
  readonly #body: BodyReader;
  readonly #rpc: string;
  readonly #limit: number;
  readonly #decoder = new TextDecoder();
  /** Data that has arrived and is not read yet. */
  #rest: Uint8Array = new Uint8Array(0);

  /** @param limit maximum length of a line, in bytes */
  constructor(response: Response, rpc: string, limit: number) {
    this.#body = new BodyReader(response);
    this.#rpc = rpc;
    this.#limit = limit;
  }

  /** Returns the next line that is not blank, without its line feed; `undefined` at the end. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const line = await this.#line();
      if (line === undefined || /\S/.test(line)) return line;
    }
  }

  async #line(): Promise<string | undefined> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const end = this.#rest.indexOf(LINE_FEED);
      const piece = end < 0 ? this.#rest : this.#rest.subarray(0, end);
      pieces.push(piece);
      size += piece.length;
      if (size > this.#limit) {
        throw new RpcError(Code.RESOURCE_EXHAUSTED, `a message is longer than ${this.#limit} bytes`, {
          rpc: this.#rpc,
        });
      }
      if (end >= 0) {
        this.#rest = this.#rest.subarray(end + 1);
        return this.#text(pieces);
      }
      const next = await this.#body.next();
      if (next === undefined) {
        this.#rest = new Uint8Array(0);
        return size === 0 ? undefined : this.#text(pieces);
      }
      this.#rest = next;
    }
  }

  #text(pieces: readonly Uint8Array[]): string {
    const last = pieces.length - 1;
    return pieces.map((piece, i) => this.#decoder.decode(piece, { stream: i < last })).join("");
  }
}
