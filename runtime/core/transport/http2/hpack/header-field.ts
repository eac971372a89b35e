/** A header field or pseudo-header field. */
export interface HeaderField {
  readonly name: string;
  /** One character for each byte (latin1). */
  readonly value: string;
}

/** The size of a field as RFC 7541, section 4.1, and SETTINGS_MAX_HEADER_LIST_SIZE count it, in bytes. */
export function fieldSize({ name, value }: HeaderField): number {
  return name.length + value.length + 32;
}

/** The fields of a decoded header block. */
export interface HeaderList {
  /** The fields in the order in which they came, which are all of them unless the list {@link isTooLarge}. */
  readonly fields: readonly HeaderField[];
  /** Whether there were more fields than allowed, in size or number; the first of them are in {@link fields}. */
  readonly isTooLarge: boolean;
}
