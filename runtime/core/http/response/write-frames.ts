import { ServerResponse } from "node:http";
import { SHORT } from "./message-response.js";

/**
 * Writes frames, each as an HTTP chunk of its own. Returns whether the client reads them, as `write` does.
 *
 * Node.js hands the socket a chunk in four pieces, which for short frames costs more than their bytes. So these are made
 * chunks here, and written in one go; but not where middleware has put a `write` of its own, such as one that compresses.
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
    // An app may end it at any frame, and Node.js would take a further one for an error that nobody listens for.
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
