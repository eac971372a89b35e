import type { JsonObject } from "../../../model/json.js";
import type { JsonScalar } from "../../../model/json-scalar.js";
import type { SchemaSyntax } from "../schema-syntax.js";

const SCALARS: Readonly<Record<JsonScalar, JsonObject>> = {
  bool: { type: "boolean" },
  string: { type: "string" },
  bytes: { type: "string", format: "byte" },
  double: { type: "number", format: "double" },
  float: { type: "number", format: "float" },
  int32: { type: "integer", format: "int32" },
  uint32: { type: "integer", format: "int64" },
  int64: { type: "string", format: "int64" },
  uint64: { type: "string", format: "uint64" },
};

/**
 * The schemas of Swagger 2.0, in the form that grpc-gateway writes.
 *
 * @see https://swagger.io/specification/v2/#schema-object
 */
export function swaggerSyntax(names: ReadonlyMap<string, string>): SchemaSyntax {
  return {
    referencePrefix: "#/definitions/",
    componentName: (typeName) => names.get(typeName) ?? typeName,
    scalar: (type) => SCALARS[type],
    // Swagger 2.0 has no null, so any value is allowed.
    nothing: {},
    orNothing: (schema) => schema,
    enumExtras: (type) => {
      const [first] = type.values;
      return first === undefined ? {} : { default: first.name };
    },
    mapExtras: () => ({}),
    exclusive: () => ({}),
    marks: ({ readOnly }) => (readOnly ? { readOnly } : {}),
    markText: ({ deprecated, writeOnly }) =>
      [deprecated ? "Deprecated." : "", writeOnly ? "Only in requests." : ""].filter(Boolean).join(" "),
  };
}
