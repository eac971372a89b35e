import type { DescEnum } from "@bufbuild/protobuf";
import type { EnumModel } from "../../model/model.js";
import type { Annotations } from "../options/annotations.js";
import { readSchemaDocs } from "../options/documentation-options.js";
import { readVisibility } from "../options/visibility.js";
import { commentOf } from "../source-info.js";
import { localTypeName, type TypeAffixes } from "./local-name.js";

/** Reads an enum type. */
export function readEnum(desc: DescEnum, affixes: TypeAffixes, annotations: Annotations): EnumModel {
  const options = annotations.of(desc);
  const docs = readSchemaDocs(options);
  return {
    name: desc.typeName,
    localName: localTypeName(desc, affixes),
    file: desc.file.proto.name,
    comment: commentOf(desc),
    deprecated: desc.deprecated,
    ...readVisibility(options),
    closed: !desc.open,
    values: desc.values.map((value) => ({
      name: value.name,
      number: value.number,
      comment: commentOf(value),
      deprecated: value.deprecated,
      ...readVisibility(annotations.of(value)),
    })),
    ...(docs === undefined ? {} : { docs }),
  };
}
