import type { EnumModel, ScalarType } from "../../model/model.js";
import type { JsonObject } from "./json.js";

/**
 * Where a value stands: only in requests, in a parameter of the path or the query, or in responses as well. Readers take
 * more than writers write.
 */
export type Place = "request" | "parameter" | "response";

/** What differs between the schemas of OpenAPI 3.1 and those of Swagger 2.0. */
export interface SchemaDialect {
  /** The key of a message or enum among the components. */
  componentName(typeName: string): string;
  /** What a `$ref` to a component begins with. */
  readonly referencePrefix: string;
  scalar(type: ScalarType, place: Place): JsonObject;
  /** The JSON `null`. */
  readonly nothing: JsonObject;
  /** What a schema says, or the JSON `null`. */
  orNothing(schema: JsonObject): JsonObject;
  /** What more there is to an enum. */
  enumExtras(type: EnumModel): JsonObject;
  /** What more there is to a map, by the type of its keys. */
  mapExtras(key: ScalarType): JsonObject;
  /** Says that of each group of properties one may be there at most. */
  exclusive(groups: readonly (readonly string[])[]): JsonObject;
  /** Says what there is to say of a message, an enum or a property, as far as there are keywords for it. */
  marks(marks: SchemaMarks): JsonObject;
  /** The rest of it, in words; `""` for nothing. */
  markText(marks: SchemaMarks): string;
}

/** What can be said of any message, enum or property. */
export interface SchemaMarks {
  readonly deprecated: boolean;
  /** In responses alone. */
  readonly readOnly?: boolean;
  /** In requests alone. */
  readonly writeOnly?: boolean;
}
