import type { Address } from "../endpoints/endpoint.js";
import { openSocket } from "../endpoints/socket.js";
import type { TlsSide } from "../endpoints/tls.js";

/** How long to wait for a server's SETTINGS, in milliseconds. */
const PATIENCE = 1_000;

/** The first bytes of a client: the connection preface, and empty SETTINGS. */
const PREFACE = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const FRAME_HEAD = 9;
const SETTINGS = 4;
const MAX_CONCURRENT_STREAMS = 3;

/**
 * Finds out how many streams a server allows on a connection; further streams would wait unnoticed. A server's first
 * frame contains the number, but grpc-js does not expose it, so this opens a short connection of its own. Resolves with
 * `Infinity` if the server does not limit them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9113#SETTINGS_MAX_CONCURRENT_STREAMS
 */
export function maxConcurrentStreams(address: Address, tls: TlsSide | undefined): Promise<number> {
  return new Promise((resolve) => {
    const socket = openSocket(address, tls);
    let received: Buffer = Buffer.alloc(0);
    const end = (most = Number.POSITIVE_INFINITY): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(most);
    };
    const timer = setTimeout(end, PATIENCE).unref();
    socket.unref();
    socket.on("error", () => end());
    socket.on("close", () => end());
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= FRAME_HEAD && received.length >= FRAME_HEAD + received.readUIntBE(0, 3)) {
        end(mostStreams(received));
      }
    });
    socket.write(PREFACE);
  });
}

/** Reads the limit from a SETTINGS frame; `Infinity` if there is none, or if it is another frame. */
function mostStreams(frame: Buffer): number {
  let most = Number.POSITIVE_INFINITY;
  if (frame[3] !== SETTINGS) return most;
  const end = FRAME_HEAD + frame.readUIntBE(0, 3);
  for (let at = FRAME_HEAD; at + 6 <= end; at += 6) {
    if (frame.readUInt16BE(at) === MAX_CONCURRENT_STREAMS) most = frame.readUInt32BE(at + 2);
  }
  return most;
}
