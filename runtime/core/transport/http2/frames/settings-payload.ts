import { ConnectionError } from "./connection-error.js";
import { ErrorCode } from "./error-code.js";
import { DEFAULT_MAX_FRAME_SIZE, MAX_31_BITS } from "./frame.js";
import { type Setting, SettingId } from "./setting.js";

/** The size of one parameter, in bytes. */
export const SETTING_SIZE = 6;

/** The largest value of SETTINGS_MAX_FRAME_SIZE, because a frame's length has 24 bits. */
const LARGEST_MAX_FRAME_SIZE = 0xff_ffff;

/** The most parameters in one frame, known or not. It is that of Node.js; RFC 9113 defines six. */
const MOST_SETTINGS = 32;

const KNOWN: ReadonlyMap<number, SettingId> = new Map(Object.values(SettingId).map((id) => [id, id]));

/** Writes settings at position `at`, with {@link SETTING_SIZE} bytes for each: RFC 9113, section 6.5.1. */
export function writeSettings(bytes: Buffer, at: number, settings: readonly Setting[]): void {
  let offset = at;
  for (const { id, value } of settings) {
    bytes.writeUInt16BE(id, offset);
    bytes.writeUInt32BE(value, offset + 2);
    offset += SETTING_SIZE;
  }
}

/**
 * Reads the payload of a SETTINGS frame, whose length is a multiple of {@link SETTING_SIZE}. Settings with unknown ids
 * are left out.
 *
 * @throws ConnectionError for a value that a server may not send (RFC 9113, section 6.5.2), or for too many settings
 */
export function readSettings(payload: Buffer): Setting[] {
  const count = payload.length / SETTING_SIZE;
  if (count > MOST_SETTINGS) {
    throw new ConnectionError(
      ErrorCode.ENHANCE_YOUR_CALM,
      `SETTINGS with ${count} parameters, but ${MOST_SETTINGS} are the most`,
    );
  }
  const settings: Setting[] = [];
  for (let at = 0; at < payload.length; at += SETTING_SIZE) {
    const id = KNOWN.get(payload.readUInt16BE(at));
    if (id === undefined) continue;
    const value = payload.readUInt32BE(at + 2);
    check(id, value);
    settings.push({ id, value });
  }
  return settings;
}

function check(id: SettingId, value: number): void {
  if (id === SettingId.ENABLE_PUSH && value !== 0) {
    throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `SETTINGS_ENABLE_PUSH of ${value} from a server`);
  }
  if (id === SettingId.INITIAL_WINDOW_SIZE && value > MAX_31_BITS) {
    throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, `SETTINGS_INITIAL_WINDOW_SIZE of ${value}`);
  }
  if (id === SettingId.MAX_FRAME_SIZE && (value < DEFAULT_MAX_FRAME_SIZE || value > LARGEST_MAX_FRAME_SIZE)) {
    throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, `SETTINGS_MAX_FRAME_SIZE of ${value}`);
  }
}
