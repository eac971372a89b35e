/**
 * The flow-control window of connections for short calls, in bytes. With HTTP/2's default of 64 KiB, a large response
 * from 10 ms away needs a second for every 6 MB. A larger window costs no memory, because unary responses are read as
 * they arrive. Connections for streams keep the default window, because a paused stream fills its window.
 */
export const SHORT_WINDOW: number = 1024 * 1024;

/** The longest message that is accepted, in bytes; the same as for etcd's own clients. */
export const MOST_MESSAGE: number = 2 ** 31 - 1;

/** The pauses after failed attempts to connect. */
export interface ReconnectPauses {
  /** The first pause, in milliseconds. */
  readonly first: number;
  /** The longest pause, in milliseconds. */
  readonly most: number;
  /** The factor by which they grow. */
  readonly growth: number;
  /** The largest random variation, as a fraction. */
  readonly jitter: number;
}

/** The pauses of both channels. The growth and the jitter are those of gRPC, which grpc-js does not let change. */
export const RECONNECT: ReconnectPauses = { first: 100, most: 1_000, growth: 1.6, jitter: 0.2 };

/** A connection that lasted at least this long is replaced at once when it breaks, in milliseconds. */
export const STABLE_AFTER: number = 1_000;

/** The largest time limit of an attempt to connect, in milliseconds. Failed attempts raise it up to this one. */
export const MOST_PATIENCE: number = 60_000;
