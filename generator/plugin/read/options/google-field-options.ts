import { FIELD_BEHAVIORS, type FieldOptionsModel, type ResourceModel } from "../../model/field-options.js";
import type { AnnotationsOf } from "./annotations-of.js";

/**
 * Reads the options of `google.api` for a field. Unknown values are ignored.
 *
 * @param resources the resources that fields can refer to, by their types
 */
export function readFieldOptions(
  annotations: AnnotationsOf,
  resources: ReadonlyMap<string, ResourceModel>,
): FieldOptionsModel {
  const listed = [annotations["google.api.field_behavior"]].flat();
  const behaviors = FIELD_BEHAVIORS.filter((behavior) => listed.includes(behavior));
  const reference = readReference(annotations["google.api.resource_reference"], resources);
  return {
    ...(behaviors.length === 0 ? {} : { behaviors }),
    ...(reference === undefined ? {} : { reference }),
  };
}

function readReference(value: unknown, resources: ReadonlyMap<string, ResourceModel>): FieldOptionsModel["reference"] {
  if (typeof value !== "object" || value === null) return undefined;
  const patterns = (type: string): readonly string[] => resources.get(type)?.patterns ?? [];
  if ("type" in value && typeof value.type === "string") {
    return { to: "resource", type: value.type, patterns: patterns(value.type) };
  }
  if ("childType" in value && typeof value.childType === "string") {
    const { childType } = value;
    // The name of a parent is its child's name without the last collection and id.
    const parents = patterns(childType).flatMap((pattern) => /^(.+)\/[^/]+\/[^/]+$/.exec(pattern)?.[1] ?? []);
    return { to: "parent", type: childType, patterns: [...new Set(parents)] };
  }
  return undefined;
}
