import type { Setting } from "./setting.js";

/**
 * Takes what a {@link FrameReader} reads, one method for each kind of frame. Frames arrive checked as far as they can
 * be without knowing the connection's streams.
 *
 * A buffer that a method gets is a view of the socket's chunk: whoever keeps it keeps that chunk in memory.
 *
 * A method may throw a {@link ConnectionError}; the reader passes it on and reads no further.
 */
export interface FrameHandler {
  /**
   * A piece of a DATA frame. A frame that lies in one chunk is one piece. A frame without data is one piece, too.
   *
   * @param bytes the data in this piece, without padding; may be empty
   * @param flowSize how much this piece takes of the flow-control windows: its data and its padding
   * @param endStream whether this is the last piece of a frame with the flag END_STREAM
   */
  onData(streamId: number, bytes: Buffer, flowSize: number, endStream: boolean): void;

  /** A whole header block, joined from HEADERS and its CONTINUATION frames, without padding and priority. */
  onHeaders(streamId: number, block: Buffer, endStream: boolean): void;

  /** RST_STREAM. @param code any 32-bit number, usually an `ErrorCode` */
  onReset(streamId: number, code: number): void;

  /**
   * SETTINGS, to be acknowledged. The settings are within their ranges and in the frame's order; one may come twice,
   * and then the last counts. Those with unknown ids are left out.
   */
  onSettings(settings: readonly Setting[]): void;

  /** The acknowledgement of our SETTINGS. */
  onSettingsAck(): void;

  /** PING, to be answered with the same eight bytes. */
  onPing(opaque: Buffer): void;

  /** The answer to a PING of ours. */
  onPingAck(opaque: Buffer): void;

  /** GOAWAY. @param code any 32-bit number, usually an `ErrorCode` @param debug text for a log, if any */
  onGoaway(lastStreamId: number, code: number, debug: Buffer): void;

  /** WINDOW_UPDATE. @param streamId 0 for the connection's window @param increment 1 to 2^31 - 1 */
  onWindowUpdate(streamId: number, increment: number): void;

  /** A frame that means nothing to a client: PRIORITY (deprecated, section 5.3.2), or an unknown type. @param kind its name */
  onIgnored(kind: string): void;
}
