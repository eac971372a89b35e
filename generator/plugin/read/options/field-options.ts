import { FIELD_BEHAVIORS, type FieldOptionsModel } from "../../model/field-options.js";
import type { AnnotationsOf } from "./annotations-of.js";

/** Reads what options of `google.api` say of a field. Values that are not known are passed over. */
export function readFieldOptions(annotations: AnnotationsOf): FieldOptionsModel {
  const listed = [annotations["google.api.field_behavior"]].flat();
  const behaviors = FIELD_BEHAVIORS.filter((behavior) => listed.includes(behavior));
  const reference = readReference(annotations["google.api.resource_reference"]);
  return {
    ...(behaviors.length === 0 ? {} : { behaviors }),
    ...(reference === undefined ? {} : { reference }),
  };
}

function readReference(value: unknown): FieldOptionsModel["reference"] {
  if (typeof value !== "object" || value === null) return undefined;
  if ("type" in value && typeof value.type === "string") return { to: "resource", type: value.type };
  if ("childType" in value && typeof value.childType === "string") return { to: "parent", type: value.childType };
  return undefined;
}
