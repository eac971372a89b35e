import { readSync, writeFileSync } from "node:fs";

/** Messages over pipes, each after its length in bytes as 32 bits, little-endian: what the runner speaks. */
export class LengthPrefixed {
  readonly #input: number;
  readonly #output: number;

  /** The pipes as file descriptors. They block: the runner sends nothing before it has its answer. */
  constructor(input: number, output: number) {
    this.#input = input;
    this.#output = output;
  }

  /** Reads the next message; none at the end of the input. */
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
