/** What options of an element say, as protobuf JSON, by the full names of the extensions. */
export type AnnotationsOf = Readonly<Record<string, unknown>>;
