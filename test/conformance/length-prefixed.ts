import { readSync, writeFileSync } from "node:fs";

/** Messages over pipes, in the runner's format: each follows its length in bytes as a 32-bit little-endian number. */
export class LengthPrefixed {
  readonly #input: number;
  readonly #output: number;

  /** The pipes are file descriptors. Reads block, since the runner sends nothing before it has the response. */
  constructor(input: number, output: number) {
    this.#input = input;
    this.#output = output;
  }

  /** Reads the next message; `undefined` at the end of the input. */
  read(): Uint8Array | undefined {
    const length = this.#exactly(4)?.readUInt32LE();
    if (length === undefined) return undefined;
    const message = this.#exactly(length);
    if (message === undefined) throw new Error("the input ends within a message");
    return message;
  }

  write(message: Uint8Array): void {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(message.length);
    writeFileSync(this.#output, Buffer.concat([length, message]));
  }

  #exactly(length: number): Buffer | undefined {
    const bytes = Buffer.alloc(length);
    for (let filled = 0; filled < length; ) {
      const count = readSync(this.#input, bytes, filled, length - filled, null);
      if (count === 0 && filled === 0) return undefined;
      if (count === 0) throw new Error("the input ends within a message");
      filled += count;
    }
    return bytes;
  }
}
