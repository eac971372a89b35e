import type { DescEnum, DescMessage } from "@bufbuild/protobuf";
import type { EnumModel, MessageModel } from "../../model/model.js";
import type { AnnotationsOf } from "../options/annotations-of.js";
import { readSchemaDocs } from "../options/documentation-options.js";
import { readVisibility } from "../options/visibility.js";
import { commentOf } from "../source-info.js";
import { localTypeName, type TypeAffixes } from "./local-name.js";

/** The properties that the models of messages and enums share. */
type TypeFacts = Pick<
  MessageModel & EnumModel,
  "name" | "localName" | "file" | "comment" | "deprecated" | "visibility" | "docs"
>;

/** Reads what messages and enums have in common. */
export function readTypeFacts(
  desc: DescMessage | DescEnum,
  affixes: TypeAffixes,
  annotations: AnnotationsOf,
): TypeFacts {
  const docs = readSchemaDocs(annotations);
  return {
    name: desc.typeName,
    localName: localTypeName(desc, affixes),
    file: desc.file.proto.name,
    comment: commentOf(desc),
    deprecated: desc.deprecated,
    ...readVisibility(annotations),
    ...(docs === undefined ? {} : { docs }),
  };
}
