import {
  type AnyDesc,
  createRegistry,
  type DescMessage,
  type FileRegistry,
  type JsonValue,
  type Message,
  type Registry,
  toJson,
} from "@bufbuild/protobuf";
import { file_google_protobuf_descriptor as descriptorFile } from "@bufbuild/protobuf/wkt";
import type { AnnotationsOf } from "./annotations-of.js";
import { DOCUMENTATION_OPTIONS } from "./documentation.js";

/** The options that are read, by the full names of their extensions. */
const NAMES = ["google.api.field_behavior", "google.api.resource_reference", ...DOCUMENTATION_OPTIONS];

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
    const members = Object.entries(this.#json(schema, options));
    return Object.fromEntries(
      members.flatMap(([name, value]) => (name.startsWith("[") ? [[name.slice(1, -1), value]] : [])),
    );
  }

  #json(schema: DescMessage, options: Message): AnnotationsOf {
    try {
      return objectOf(toJson(schema, options, { registry: this.#known }));
    } catch {
      // Such as an `Any` of a type that is not known. It costs descriptions a part; code needs none of it.
      return {};
    }
  }
}

function objectOf(json: JsonValue): AnnotationsOf {
  return typeof json === "object" && json !== null && !Array.isArray(json) ? json : {};
}
