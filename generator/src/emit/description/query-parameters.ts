import type { FieldModel, Model } from "../../model/model.js";
import type { JsonNames } from "../../options.js";
import { jsonName } from "./schemas.js";
import { isSingleValue, structureSchema } from "./well-known-schema.js";

/** A field that a query can set. */
export interface QueryParameter {
  /** The JSON names that lead to the field: joined by dots, they are the parameter's name. */
  readonly path: readonly string[];
  readonly field: FieldModel;
}

/**
 * The query parameters of a request message: its fields and, dotted, those of the messages in it, without the fields
 * that come from the path or the body. A message within itself is followed once.
 *
 * @param bound paths of proto names, joined by dots
 */
export function queryParameters(
  message: string,
  bound: ReadonlySet<string>,
  model: Model,
  names: JsonNames,
): readonly QueryParameter[] {
  const parameters: QueryParameter[] = [];

  const follow = (name: string, path: readonly FieldModel[], within: ReadonlySet<string>): void => {
    for (const field of model.messages[name]?.fields ?? []) {
      const to = [...path, field];
      if (bound.has(to.map((step) => step.name).join("."))) continue;
      const { type } = field;
      if (type.kind !== "message" || isSingleValue(type.name)) {
        const path = to.map((step) => jsonName(step, names));
        if (field.cardinality !== "map") parameters.push({ path, field });
      } else if (
        field.cardinality === "singular" &&
        !within.has(type.name) &&
        structureSchema(type.name) === undefined
      ) {
        follow(type.name, to, new Set([...within, type.name]));
      }
    }
  };

  follow(message, [], new Set([message]));
  return parameters;
}
