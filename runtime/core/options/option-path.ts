/** The path of an option, and the paths of all options. Errors quote them. */
export interface OptionPath {
  /** The name with those of its groups, such as `limits.maxStreams`. */
  readonly path: string;
  /** Returns the paths of all options. */
  readonly known: () => readonly string[];
}

/** Returns the path of a member of an option, or of an item. */
export function within({ path, known }: OptionPath, member: string): OptionPath {
  return { path: path + member, known };
}
