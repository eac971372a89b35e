import { connect } from "node:http2";
import type { SecureContext } from "node:tls";

/** How long a server may take to send its settings, in milliseconds. */
const PATIENCE = 1_000;

/** The TLS of a connection. */
export interface TlsSide {
  readonly secureContext: SecureContext;
  /** The name to verify the server's certificate against, where it is not the endpoint's host. */
  readonly servername?: string;
}

/**
 * Asks a server how many streams it allows on a connection: those beyond wait, and nobody is told. It is in the first
 * frame that a server sends, but grpc-js keeps that to itself, so this takes a short connection of its own. Resolves
 * with `Infinity` if the server does not say.
 *
 * @param authority the server's `host:port`
 * @see https://www.rfc-editor.org/rfc/rfc9113#SETTINGS_MAX_CONCURRENT_STREAMS
 */
export function maxConcurrentStreams(authority: string, tls: TlsSide | undefined): Promise<number> {
  return new Promise((resolve) => {
    const session = connect(`${tls === undefined ? "http" : "https"}://${authority}`, { ...tls });
    const end = (most = Number.POSITIVE_INFINITY): void => {
      clearTimeout(timer);
      session.destroy();
      resolve(most);
    };
    const timer = setTimeout(end, PATIENCE).unref();
    session.unref();
    session.on("error", () => end());
    session.on("close", () => end());
    session.on("remoteSettings", (settings) => end(settings.maxConcurrentStreams));
  });
}
