/** The options of an element as protobuf JSON, by the full names of their extensions. */
export type AnnotationsOf = Readonly<Record<string, unknown>>;
