import { type AnyDesc, createRegistry, type FileRegistry, type Registry, toJson } from "@bufbuild/protobuf";
import { file_google_protobuf_descriptor as descriptorFile } from "@bufbuild/protobuf/wkt";

/** The options that are read, by the full names of their extensions. */
const NAMES = ["google.api.field_behavior", "google.api.resource_reference"] as const;

/** What options of `descriptor.proto` say of an element, as protobuf JSON, by the full names of the extensions. */
export type AnnotationsOf = Readonly<Record<string, unknown>>;

const DESCRIPTOR = createRegistry(descriptorFile);

/**
 * The options of elements that other files than `descriptor.proto` declare. Who sets one imports its file, so that the
 * request holds the option's descriptor.
 */
export class Annotations {
  readonly #known: Registry;

  constructor(files: FileRegistry) {
    this.#known = createRegistry(...NAMES.flatMap((name) => files.getExtension(name) ?? []));
  }

  /** The options that an element has of those that are read. */
  of({ proto: { options } }: Exclude<AnyDesc, { kind: "oneof" }>): AnnotationsOf {
    // What `descriptor.proto` does not declare is an unknown field.
    const schema = options?.$unknown === undefined ? undefined : DESCRIPTOR.getMessage(options.$typeName);
    if (options === undefined || schema === undefined) return {};
    const members = Object.entries(toJson(schema, options, { registry: this.#known }) ?? {});
    return Object.fromEntries(
      members.flatMap(([name, value]) => (name.startsWith("[") ? [[name.slice(1, -1), value]] : [])),
    );
  }
}
