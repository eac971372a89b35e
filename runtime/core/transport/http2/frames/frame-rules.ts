import { ConnectionError } from "./connection-error.js";
import { ErrorCode } from "./error-code.js";
import { Flag, FrameType } from "./frame.js";
import { SETTING_SIZE } from "./settings-payload.js";

/** The rules for a type of frame: where it may occur, and its length. RFC 9113, section 6. */
interface FrameRule {
  readonly name: string;
  /**
   * Whether frames of the type belong to a stream (`true`), to the connection (`false`), or to either (`undefined`).
   */
  readonly onStream: boolean | undefined;
  /** Returns whether a payload may have this length, in bytes. */
  readonly allowsLength: (length: number, flags: number) => boolean;
}

const anyLength = (): boolean => true;

const RULES: readonly FrameRule[] = (() => {
  const rules: FrameRule[] = [];
  rules[FrameType.DATA] = { name: "DATA", onStream: true, allowsLength: anyLength };
  rules[FrameType.HEADERS] = { name: "HEADERS", onStream: true, allowsLength: anyLength };
  rules[FrameType.PRIORITY] = { name: "PRIORITY", onStream: true, allowsLength: (length) => length === 5 };
  rules[FrameType.RST_STREAM] = { name: "RST_STREAM", onStream: true, allowsLength: (length) => length === 4 };
  rules[FrameType.SETTINGS] = {
    name: "SETTINGS",
    onStream: false,
    allowsLength: (length, flags) => ((flags & Flag.ACK) === 0 ? length % SETTING_SIZE === 0 : length === 0),
  };
  rules[FrameType.PUSH_PROMISE] = { name: "PUSH_PROMISE", onStream: true, allowsLength: anyLength };
  rules[FrameType.PING] = { name: "PING", onStream: false, allowsLength: (length) => length === 8 };
  rules[FrameType.GOAWAY] = { name: "GOAWAY", onStream: false, allowsLength: (length) => length >= 8 };
  rules[FrameType.WINDOW_UPDATE] = {
    name: "WINDOW_UPDATE",
    onStream: undefined,
    allowsLength: (length) => length === 4,
  };
  rules[FrameType.CONTINUATION] = { name: "CONTINUATION", onStream: true, allowsLength: anyLength };
  return rules;
})();

/** Returns the name of a frame type, for messages. */
export function frameName(type: number): string {
  return RULES[type]?.name ?? `a frame of type ${type}`;
}

/**
 * Checks a frame header. Frames of unknown types are not checked.
 *
 * @throws ConnectionError for a stream id or a length that the type does not allow
 */
export function checkFrame(type: number, flags: number, streamId: number, length: number): void {
  const rule = RULES[type];
  if (rule === undefined) return;
  if (rule.onStream !== undefined && rule.onStream !== streamId > 0) {
    throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `${rule.name} on stream ${streamId}`);
  }
  if (!rule.allowsLength(length, flags)) {
    throw new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, `${rule.name} of ${length} bytes`);
  }
}
