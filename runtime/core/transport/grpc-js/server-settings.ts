import type { Address } from "../endpoints/endpoint.js";
import { openSocket } from "../endpoints/socket.js";
import type { TlsSide } from "../endpoints/tls.js";
import { FRAME_HEADER_SIZE, FrameType, PREFACE } from "../http2/frames/frame.js";
import { SettingId } from "../http2/frames/setting.js";
import { SETTING_SIZE } from "../http2/frames/settings-payload.js";

/** How long to wait for a server's SETTINGS, in milliseconds. */
const PATIENCE = 1_000;

/** The first bytes of a client: the connection preface, and empty SETTINGS. */
const OPENING = Buffer.concat([PREFACE, Buffer.from([0, 0, 0, FrameType.SETTINGS, 0, 0, 0, 0, 0])]);

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
      if (received.length >= FRAME_HEADER_SIZE && received.length >= FRAME_HEADER_SIZE + received.readUIntBE(0, 3)) {
        end(mostStreams(received));
      }
    });
    socket.write(OPENING);
  });
}

/** Reads the limit from a SETTINGS frame; `Infinity` if there is none, or if it is another frame. */
function mostStreams(frame: Buffer): number {
  let most = Number.POSITIVE_INFINITY;
  if (frame[3] !== FrameType.SETTINGS) return most;
  const end = FRAME_HEADER_SIZE + frame.readUIntBE(0, 3);
  for (let at = FRAME_HEADER_SIZE; at + SETTING_SIZE <= end; at += SETTING_SIZE) {
    if (frame.readUInt16BE(at) === SettingId.MAX_CONCURRENT_STREAMS) most = frame.readUInt32BE(at + 2);
  }
  return most;
}
