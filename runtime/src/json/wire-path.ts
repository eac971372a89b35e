import type { MessageCodec } from "./codec.js";
export function wirePath(_codec: MessageCodec, _wire: Buffer, _offset: number): string {
  return "";
}
