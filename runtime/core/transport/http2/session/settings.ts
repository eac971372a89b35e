import { DEFAULT_WINDOW_SIZE } from "../frames/frame.js";
import { type Setting, SettingId } from "../frames/setting.js";

/** The limits that a {@link Session} announces to the peer, in bytes. */
export interface SessionOptions {
  /** The number of bytes of a response that may arrive before they are read; at least 65,535. */
  readonly streamWindow: number;
  /** The number of bytes that may arrive on all streams together before they are read. */
  readonly connectionWindow: number;
  /** The largest header list that is accepted, as defined for SETTINGS_MAX_HEADER_LIST_SIZE. */
  readonly maxHeaderListSize: number;
}

/** Returns the initial SETTINGS of a session: RFC 9113, section 6.5.2. */
export function ownSettings({ streamWindow, maxHeaderListSize }: SessionOptions): Setting[] {
  return [
    { id: SettingId.ENABLE_PUSH, value: 0 },
    { id: SettingId.INITIAL_WINDOW_SIZE, value: streamWindow },
    { id: SettingId.MAX_HEADER_LIST_SIZE, value: maxHeaderListSize },
  ];
}

/** The peer's settings that a client needs. */
export class PeerSettings {
  /** The number of streams that may be open at the same time. */
  maxConcurrentStreams: number = Number.POSITIVE_INFINITY;
  /** The initial size of a stream's send window, in bytes. */
  initialWindowSize: number = DEFAULT_WINDOW_SIZE;
}
