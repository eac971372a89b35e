import type { FieldModel, Model } from "../../model/model.js";
import { isFreeForm, isSingleValue } from "../../model/well-known.js";
import type { JsonNames } from "../../options.js";
import { isOutputOnly, isRequired } from "./field-text.js";
import { jsonName } from "./schemas.js";
import { ANY } from "./well-known-schema.js";

/** A field that a query can set. */
export interface QueryParameter {
  /** The JSON names that lead to the field: joined by dots, they are the parameter's name. */
  readonly path: readonly string[];
  /**
   * How it is written: once, or more than once for a list; `entries`: once for each entry of a map, the key in brackets
   * behind the name; `json`: as JSON text.
   */
  readonly form: "values" | "entries" | "json";
  readonly field: FieldModel;
  /** The field is required, and so are the messages that it is in. */
  readonly required: boolean;
}

/**
 * The query parameters of a request message: its fields and, dotted, those of the messages in it, without the fields
 * that come from the path or the body, and those that are for responses alone. A message within itself is followed once.
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

/** How a query writes a field, if it can. */
function formOf({ type, cardinality }: FieldModel): QueryParameter["form"] | undefined {
  if (type.kind !== "message" || isSingleValue(type.name)) return cardinality === "map" ? "entries" : "values";
  return cardinality === "singular" && isFreeForm(type.name) ? "json" : undefined;
}
