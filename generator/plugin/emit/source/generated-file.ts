/** A file to write. */
export interface GeneratedFile {
  /** The path relative to the output folder, with `/`. */
  readonly path: string;
  readonly content: string;
}
