import type { MessageCodec } from "./codec.js";
export function canonicalWire(_codec: MessageCodec, _wire: Buffer): Buffer {
  throw new Error("todo");
}
