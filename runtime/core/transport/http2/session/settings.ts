import { DEFAULT_WINDOW_SIZE } from "../frames/frame.js";
import { type Setting, SettingId } from "../frames/setting.js";

/** What a {@link Session} offers to the peer. Sizes are in bytes. */
export interface SessionOptions {
  /** How much of an answer may come before it is read: 65,535 at least. */
  readonly streamWindow: number;
  /** How much may come on all streams together before it is read. */
  readonly connectionWindow: number;
  /** The largest header list that is taken, by the count of SETTINGS_MAX_HEADER_LIST_SIZE. */
  readonly maxHeaderListSize: number;
}

/** What a session tells the peer first: RFC 9113, section 6.5.2. */
export function ownSettings({ streamWindow, maxHeaderListSize }: SessionOptions): Setting[] {
  return [
    { id: SettingId.ENABLE_PUSH, value: 0 },
    { id: SettingId.INITIAL_WINDOW_SIZE, value: streamWindow },
    { id: SettingId.MAX_HEADER_LIST_SIZE, value: maxHeaderListSize },
  ];
}

/** What the peer has told in its settings, as far as a client needs it. */
export class PeerSettings {
  /** How many streams may be open at once. */
  maxConcurrentStreams: number = Number.POSITIVE_INFINITY;
  /** The size at which a stream's window for sending begins. */
  initialWindowSize: number = DEFAULT_WINDOW_SIZE;
}
