/** A file to write. */
export interface GeneratedFile {
  /** Where, from the output folder, with `/`. */
  readonly path: string;
  readonly content: string;
}
