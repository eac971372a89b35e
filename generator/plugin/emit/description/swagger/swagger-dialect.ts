import type { JsonObject } from "../../../model/json.js";
import type { ScalarType } from "../../../model/model.js";
import type { SchemaDialect } from "../schema-dialect.js";

/**
 * The schemas of Swagger 2.0, in the form that grpc-gateway writes.
 *
 * @see https://swagger.io/specification/v2/#schema-object
 */
export function swaggerDialect(names: ReadonlyMap<string, string>): SchemaDialect {
  return {
    referencePrefix: "#/definitions/",
    componentName: (typeName) => names.get(typeName) ?? typeName,
    scalar,
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

function scalar(type: ScalarType): JsonObject {
  switch (type) {
    case "bool":
      return { type: "boolean" };
    case "string":
      return { type: "string" };
    case "bytes":
      return { type: "string", format: "byte" };
    case "double":
    case "float":
      return { type: "number", format: type };
    case "int32":
    case "sint32":
    case "sfixed32":
      return { type: "integer", format: "int32" };
    case "uint32":
    case "fixed32":
      return { type: "integer", format: "int64" };
    case "int64":
    case "sint64":
    case "sfixed64":
      return { type: "string", format: "int64" };
    case "uint64":
    case "fixed64":
      return { type: "string", format: "uint64" };
  }
}
