import { ServerResponse } from "node:http";
import { SHORT } from "./message-response.js";

/**
 * Writes frames, each as an HTTP chunk of its own. Returns whether the client reads them, as `write` does.
 *
 * Node.js passes a chunk to the socket in four pieces. For short frames this costs more than the data itself. So this
 * function formats the chunks and writes them at once. It does not do so if middleware has replaced `write`, for
 * example to compress.
 */
export function writeFrames(res: ServerResponse, frames: readonly Buffer[]): boolean {
  if (res.chunkedEncoding && res.write === ServerResponse.prototype.write && areShort(frames)) {
    let chunks = "";
    for (const frame of frames) {
      if (frame.length > 0) chunks += `${frame.length.toString(16)}\r\n${frame.toString("latin1")}\r\n`;
    }
    res.chunkedEncoding = false;
    const hasRoom = res.write(chunks, "latin1");
    res.chunkedEncoding = true;
    return hasRoom;
  }
  let hasRoom = true;
  for (const frame of frames) {
    // The app may end the response at any frame. For another write, Node.js would emit an error that has no listener.
    if (res.writableEnded) break;
    hasRoom = res.write(frame);
  }
  return hasRoom;
}

function areShort(frames: readonly Buffer[]): boolean {
  let length = 0;
  for (const frame of frames) length += frame.length;
  return length <= SHORT;
}
