import { type DescExtension, type DescField, type DescMessage, ScalarType as Scalar } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence as Presence } from "@bufbuild/protobuf/wkt";
import type { FieldModel, MessageModel, ScalarType, ValueType } from "../../model/model.js";
import { readSchemaDocs } from "../options/documentation-options.js";
import { readFieldOptions } from "../options/google-field-options.js";
import { readResource } from "../options/resources.js";
import { readVisibility } from "../options/visibility.js";
import type { ReadContext } from "../read-context.js";
import { commentOf } from "../source-info.js";
import { readTypeFacts } from "./type-facts.js";

const SCALARS: Readonly<Record<Scalar, ScalarType>> = {
  [Scalar.DOUBLE]: "double",
  [Scalar.FLOAT]: "float",
  [Scalar.INT64]: "int64",
  [Scalar.UINT64]: "uint64",
  [Scalar.INT32]: "int32",
  [Scalar.FIXED64]: "fixed64",
  [Scalar.FIXED32]: "fixed32",
  [Scalar.BOOL]: "bool",
  [Scalar.STRING]: "string",
  [Scalar.BYTES]: "bytes",
  [Scalar.UINT32]: "uint32",
  [Scalar.SFIXED32]: "sfixed32",
  [Scalar.SFIXED64]: "sfixed64",
  [Scalar.SINT32]: "sint32",
  [Scalar.SINT64]: "sint64",
};

/** Reads a message type and its extensions. */
export function readMessage(
  desc: DescMessage,
  extensions: readonly DescExtension[],
  context: ReadContext,
): MessageModel {
  const annotations = context.annotations.of(desc);
  const resource = readResource(annotations);
  return {
    ...readTypeFacts(desc, context.options, annotations),
    fields: desc.fields.map((field) => readField(field, context)),
    // This is the name of an extension in JSON.
    extensions: extensions.map((extension) => ({ ...readField(extension, context), name: extension.jsonName })),
    ...(resource === undefined ? {} : { resource }),
  };
}

function readField(desc: DescField | DescExtension, context: ReadContext): FieldModel {
  const repeated = desc.fieldKind === "list";
  const map = desc.fieldKind === "map";
  const annotations = context.annotations.of(desc);
  const docs = readSchemaDocs(annotations);
  return {
    name: desc.name,
    jsonName: desc.jsonName,
    number: desc.number,
    comment: commentOf(desc),
    deprecated: desc.deprecated,
    type: valueType(desc),
    cardinality: repeated ? "repeated" : map ? "map" : "singular",
    ...(map ? { mapKey: SCALARS[desc.mapKey] } : {}),
    explicitPresence: !repeated && !map && desc.presence !== Presence.IMPLICIT,
    required: desc.presence === Presence.LEGACY_REQUIRED,
    packed: repeated && desc.packed,
    validateUtf8: desc.utf8Validation && (desc.scalar === Scalar.STRING || (map && desc.mapKey === Scalar.STRING)),
    ...(desc.oneof === undefined ? {} : { oneof: desc.oneof.name }),
    ...readVisibility(annotations),
    ...readFieldOptions(annotations, context.annotations.resources),
    ...(docs === undefined ? {} : { docs }),
  };
}

/** The type of a field's value. For a list or map, the type of an element. */
function valueType(desc: DescField | DescExtension): ValueType {
  if (desc.message !== undefined) {
    return {
      kind: "message",
      name: desc.message.typeName,
      delimited: "delimitedEncoding" in desc && desc.delimitedEncoding,
    };
  }
  if (desc.enum !== undefined) return { kind: "enum", name: desc.enum.typeName };
  return { kind: "scalar", scalar: SCALARS[desc.scalar] };
}
