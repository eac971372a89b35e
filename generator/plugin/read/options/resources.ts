import type { ResourceModel } from "../../model/field-options.js";
import type { AnnotationsOf } from "./annotations-of.js";

const RESOURCE = "google.api.resource";
const DEFINITION = "google.api.resource_definition";

/** The supported options, by the full names of their extensions. */
export const RESOURCE_OPTIONS: readonly string[] = [RESOURCE, DEFINITION, "google.api.resource_reference"];

/**
 * Reads the resource type that a message represents. `undefined` for none.
 *
 * @see https://google.aip.dev/123
 */
export function readResource(annotations: AnnotationsOf): ResourceModel | undefined {
  return resourceOf(annotations[RESOURCE]);
}

/** Reads the resource types that a file defines without a message. */
export function readResourceDefinitions(annotations: AnnotationsOf): readonly ResourceModel[] {
  return [annotations[DEFINITION]].flat().flatMap((each) => resourceOf(each) ?? []);
}

function resourceOf(value: unknown): ResourceModel | undefined {
  if (typeof value !== "object" || value === null || !("type" in value) || typeof value.type !== "string")
    return undefined;
  const patterns = "pattern" in value && Array.isArray(value.pattern) ? value.pattern : [];
  return {
    type: value.type,
    // `*` means that names can have any form.
    patterns: patterns.filter((pattern) => typeof pattern === "string" && pattern !== "*"),
  };
}
