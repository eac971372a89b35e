/** The settings of RFC 9113, section 6.5.2. */
export const SettingId = {
  HEADER_TABLE_SIZE: 0x1,
  ENABLE_PUSH: 0x2,
  MAX_CONCURRENT_STREAMS: 0x3,
  INITIAL_WINDOW_SIZE: 0x4,
  MAX_FRAME_SIZE: 0x5,
  MAX_HEADER_LIST_SIZE: 0x6,
} as const;

/** The id of a setting that RFC 9113 defines. */
export type SettingId = (typeof SettingId)[keyof typeof SettingId];

/** A parameter of a SETTINGS frame. */
export interface Setting {
  readonly id: SettingId;
  /** An unsigned 32-bit number. */
  readonly value: number;
}
