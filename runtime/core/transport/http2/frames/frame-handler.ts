import type { Setting } from "./setting.js";

/**
 * Receives the frames that a {@link FrameReader} reads, with a method for each kind of frame. Frames have been checked
 * as far as possible without knowing the connection's streams.
 *
 * A buffer passed to a method is a view of the socket's chunk. Keeping it keeps the whole chunk in memory.
 *
 * A method may throw a {@link ConnectionError}. The reader rethrows it and stops reading.
 */
export interface FrameHandler {
  /**
   * A piece of a DATA frame. A frame within one chunk is a single piece, and so is a frame without data.
   *
   * @param bytes the data of this piece, without padding; may be empty
   * @param flowSize the size of this piece for flow control, in bytes: its data and its padding
   * @param endStream whether this is the last piece of a frame with the flag END_STREAM
   */
  onData(streamId: number, bytes: Buffer, flowSize: number, endStream: boolean): void;

  /** A whole header block, joined from HEADERS and its CONTINUATION frames, without padding and priority. */
  onHeaders(streamId: number, block: Buffer, endStream: boolean): void;

  /** RST_STREAM. @param code any 32-bit number, usually an `ErrorCode` */
  onReset(streamId: number, code: number): void;

  /**
   * SETTINGS, which must be acknowledged. All values are in their ranges, in the order of the frame. If a setting
   * occurs twice, the last one counts. Settings with unknown ids are left out.
   */
  onSettings(settings: readonly Setting[]): void;

  /** The acknowledgement of our SETTINGS. */
  onSettingsAck(): void;

  /** PING. The response has the same eight bytes. */
  onPing(opaque: Buffer): void;

  /** The acknowledgement of our PING. */
  onPingAck(opaque: Buffer): void;

  /** GOAWAY. @param code any 32-bit number, usually an `ErrorCode` @param debug text for a log, may be empty */
  onGoaway(lastStreamId: number, code: number, debug: Buffer): void;

  /** WINDOW_UPDATE. @param streamId 0 for the connection's window @param increment 1 to 2^31 - 1 */
  onWindowUpdate(streamId: number, increment: number): void;

  /**
   * A frame without meaning for a client: PRIORITY (deprecated, section 5.3.2), or an unknown type. @param kind its
   * name
   */
  onIgnored(kind: string): void;
}
