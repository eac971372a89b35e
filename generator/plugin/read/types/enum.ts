import type { DescEnum } from "@bufbuild/protobuf";
import type { EnumModel } from "../../model/model.js";
import type { Annotations } from "../options/annotations.js";
import { readVisibility } from "../options/visibility.js";
import { commentOf } from "../source-info.js";
import type { TypeAffixes } from "./local-name.js";
import { readTypeFacts } from "./type-facts.js";

/** Reads an enum type. */
export function readEnum(desc: DescEnum, affixes: TypeAffixes, annotations: Annotations): EnumModel {
  return {
    ...readTypeFacts(desc, affixes, annotations.of(desc)),
    closed: !desc.open,
    values: desc.values.map((value) => ({
      name: value.name,
      number: value.number,
      comment: commentOf(value),
      deprecated: value.deprecated,
      ...readVisibility(annotations.of(value)),
    })),
  };
}
