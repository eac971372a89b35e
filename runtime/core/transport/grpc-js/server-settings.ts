import type { Address } from "../endpoints/endpoint.js";
import { openSocket } from "../endpoints/socket.js";
import type { TlsSide } from "../endpoints/tls.js";

/** How long a server may take to send its settings, in milliseconds. */
const PATIENCE = 1_000;

/** What a client begins with: the preface, and settings of its own that say nothing. */
const PREFACE = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const FRAME_HEAD = 9;
const SETTINGS = 4;
const MAX_CONCURRENT_STREAMS = 3;

/**
 * Asks a server how many streams it allows on a connection: those beyond wait, and nobody is told. It is in the first
 * frame that a server sends, but grpc-js keeps that to itself, so this takes a short connection of its own. Resolves
 * with `Infinity` if the server does not say.
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

/** The limit that a frame of settings sets, `Infinity` for none, or another frame. */
function mostStreams(frame: Buffer): number {
  let most = Number.POSITIVE_INFINITY;
  if (frame[3] !== SETTINGS) return most;
  const end = FRAME_HEAD + frame.readUIntBE(0, 3);
  for (let at = FRAME_HEAD; at + 6 <= end; at += 6) {
    if (frame.readUInt16BE(at) === MAX_CONCURRENT_STREAMS) most = frame.readUInt32BE(at + 2);
  }
  return most;
}
