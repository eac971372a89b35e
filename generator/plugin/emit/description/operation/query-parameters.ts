import type { FieldModel, Model } from "../../../model/model.js";
import { ANY, isFreeForm, isSingleValue } from "../../../model/well-known.js";
import type { JsonNames } from "../../../plugin-options.js";
import { isOutputOnly, isRequired } from "../field-text.js";
import { jsonName } from "../schemas.js";

/** A field that a query can set. */
export interface QueryParameter {
  /** The JSON names that lead to the field. Joined by dots, they are the parameter's name. */
  readonly path: readonly string[];
  /**
   * The form of the parameter:
   * - `values`: once, or several times for a list
   * - `entries`: once per entry of a map, with the key in brackets after the name
   * - `json`: JSON text
   */
  readonly form: "values" | "entries" | "json";
  readonly field: FieldModel;
  /** Whether the field and all messages that contain it are required. */
  readonly required: boolean;
}

/**
 * The query parameters of a request message: its fields and, with dotted names, the fields of nested messages. Fields
 * that come from the path or the body are not included, and neither are fields that occur only in responses. A message
 * that contains itself is followed once.
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
      if (isOutputOnly(field)) continue;
      const form = formOf(field);
      if (form !== undefined) {
        parameters.push({
          path: to.map((step) => jsonName(step, names)),
          field,
          form,
          required: to.every(isRequired),
        });
      } else if (field.type.kind === "message" && field.cardinality === "singular" && !within.has(field.type.name)) {
        follow(field.type.name, to, new Set([...within, field.type.name]));
      }
    }
  };

  follow(message, [], new Set([message, ANY]));
  return parameters;
}

/** The form of a field in a query. `undefined` if a query cannot contain it. */
function formOf({ type, cardinality }: FieldModel): QueryParameter["form"] | undefined {
  if (type.kind !== "message" || isSingleValue(type.name)) return cardinality === "map" ? "entries" : "values";
  return cardinality === "singular" && isFreeForm(type.name) ? "json" : undefined;
}
