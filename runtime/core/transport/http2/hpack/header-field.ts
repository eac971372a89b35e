/** A header field or pseudo-header field. */
export interface HeaderField {
  readonly name: string;
  /** One character for each byte (latin1). */
  readonly value: string;
}

/** The size of a field in bytes, as defined by RFC 7541, section 4.1, and for SETTINGS_MAX_HEADER_LIST_SIZE. */
export function fieldSize({ name, value }: HeaderField): number {
  return name.length + value.length + 32;
}

/** The fields of a decoded header block. */
export interface HeaderList {
  /** The fields in the order received. They are all fields of the block unless the list {@link isTooLarge}. */
  readonly fields: readonly HeaderField[];
  /** Whether there were more fields than allowed, by size or number. Then {@link fields} has only the first of them. */
  readonly isTooLarge: boolean;
}
