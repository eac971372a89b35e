import type { GatewayError } from "../errors/gateway-error.js";

/** The close code of a call that ended without an error (RFC 6455, 7.4.1). */
export const CLOSE_OK = 1000;

/** The close code of a message over the limit (RFC 6455, 7.4.1). */
const MESSAGE_TOO_BIG = 1009;

/**
 * The close code of a gRPC status is this plus its code. Close codes from 4000 on are for applications (RFC 6455,
 * 7.4.2).
 */
const STATUS_BASE = 4000;

/** How long a client may take to close its socket after the gateway has ended the call, in milliseconds. */
export const CLOSE_TIMEOUT = 1_000;

/**
 * The longest reason of a close frame, in bytes: the size of a control frame without the close code (RFC 6455, 5.5).
 */
const LONGEST_REASON = 123;

/** Returns the close code for an error. */
export function closeCodeOf({ code, httpStatus }: GatewayError): number {
  return httpStatus === 413 ? MESSAGE_TOO_BIG : STATUS_BASE + code;
}

/** Converts a text to the reason of a close frame. If it is too long, it is cut between two characters. */
export function closeReason(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length <= LONGEST_REASON) return bytes;
  let end = LONGEST_REASON;
  while (isContinuation(bytes[end])) end--;
  return bytes.subarray(0, end);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
