import type { IncomingMessage } from "node:http";

/** A request. Express and other middleware add members to it. */
export interface GatewayRequest extends IncomingMessage {
  /** The path at which Express has mounted the handler; empty at the root. */
  readonly baseUrl?: string | undefined;
  /** The `url` before Express has removed `baseUrl` from it. */
  readonly originalUrl?: string | undefined;
  /** What a body parser has made of the body. */
  body?: unknown;
  /** The bytes of the body. Some platforms and `verify` hooks of body parsers store them here. */
  rawBody?: unknown;
}
