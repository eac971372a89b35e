import type { GatewayError } from "../errors/gateway-error.js";

/** The close code of a call that has ended well (RFC 6455, 7.4.1). */
export const CLOSE_OK = 1000;

/** The close code of a message over the limit (RFC 6455, 7.4.1). */
const MESSAGE_TOO_BIG = 1009;

/** What is added to a gRPC status code: close codes from 4000 on are for applications (RFC 6455, 7.4.2). */
const STATUS_BASE = 4000;

/** The most bytes that a control frame has room for, less those of the code (RFC 6455, 5.5). */
const LONGEST_REASON = 123;

/** The close code that stands for an error. */
export function closeCodeOf({ code, httpStatus }: GatewayError): number {
  return httpStatus === 413 ? MESSAGE_TOO_BIG : STATUS_BASE + code;
}

/** A text as the reason of a close frame: cut between two characters if it is too long. */
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
