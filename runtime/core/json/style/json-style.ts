/** How a response is written where its client has a choice. What it leaves out is as the codecs were generated. */
export interface JsonStyle {
  /** What fields are called: as in the proto file, or by their JSON names (lowerCamel). */
  readonly names?: "proto" | "json" | undefined;
  /** Whether fields without presence that have their default are left out. */
  readonly defaults?: "omit" | "write" | undefined;
}
