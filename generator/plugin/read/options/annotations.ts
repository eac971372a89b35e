import {
  type AnyDesc,
  createRegistry,
  type DescMessage,
  type FileRegistry,
  type Message,
  type Registry,
  toJson,
} from "@bufbuild/protobuf";
import { file_google_protobuf_descriptor as descriptorFile } from "@bufbuild/protobuf/wkt";
import type { ResourceModel } from "../../model/field-options.js";
import type { AnnotationsOf } from "./annotations-of.js";
import { DOCUMENTATION_OPTIONS } from "./documentation-options.js";
import { objectOf } from "./members.js";
import { RESOURCE_OPTIONS, readResource, readResourceDefinitions } from "./resources.js";
import { VISIBILITY_OPTIONS } from "./visibility.js";

/** The supported options, by the full names of their extensions. */
const NAMES = ["google.api.field_behavior", ...RESOURCE_OPTIONS, ...VISIBILITY_OPTIONS, ...DOCUMENTATION_OPTIONS];

const DESCRIPTOR = createRegistry(descriptorFile);

/**
 * Reads options that files other than `descriptor.proto` declare. A file that sets an option imports the file that
 * declares it, so the request contains its descriptor.
 */
export class Annotations {
  readonly #known: Registry;
  readonly #files: FileRegistry;
  #resources: ReadonlyMap<string, ResourceModel> | undefined;

  constructor(files: FileRegistry) {
    this.#known = createRegistry(...NAMES.flatMap((name) => files.getExtension(name) ?? []));
    this.#files = files;
  }

  /** The resources of all files, by their types. */
  get resources(): ReadonlyMap<string, ResourceModel> {
    this.#resources ??= new Map(this.#readResources().map((resource) => [resource.type, resource]));
    return this.#resources;
  }

  #readResources(): readonly ResourceModel[] {
    const messages = [...this.#files].filter((desc) => desc.kind === "message");
    return [
      ...[...this.#files.files].flatMap((file) => readResourceDefinitions(this.of(file))),
      ...messages.flatMap((message) => readResource(this.of(message)) ?? []),
    ];
  }

  /** Returns the supported options of an element. */
  of({ proto: { options } }: Exclude<AnyDesc, { kind: "oneof" }>): AnnotationsOf {
    // Options that `descriptor.proto` does not declare are unknown fields.
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
      // For example an `Any` of an unknown type. Only descriptions lose a part by this, since code does not use these
      // options.
      return {};
    }
  }
}
