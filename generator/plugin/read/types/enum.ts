import type { DescEnum } from "@bufbuild/protobuf";
import type { EnumModel } from "../../model/model.js";
import { readVisibility } from "../options/visibility.js";
import type { ReadContext } from "../read-context.js";
import { commentOf } from "../source-info.js";
import { readTypeFacts } from "./type-facts.js";

/** Reads an enum type. */
export function readEnum(desc: DescEnum, { options, annotations }: ReadContext): EnumModel {
  return {
    ...readTypeFacts(desc, options, annotations.of(desc)),
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
