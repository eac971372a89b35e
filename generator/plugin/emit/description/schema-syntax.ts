import type { JsonObject } from "../../model/json.js";
import type { JsonScalar } from "../../model/json-scalar.js";
import type { EnumModel } from "../../model/model.js";

/**
 * What a schema describes: a value that occurs only in requests, one in a path or query parameter, or one that occurs
 * in responses too. Requests can have more forms of a value than responses.
 */
export type SchemaUse = "request" | "parameter" | "response";

/** The differences between the schemas of OpenAPI 3.1 and Swagger 2.0. */
export interface SchemaSyntax {
  /** The key of a message or enum among the components. */
  componentName(typeName: string): string;
  /** The beginning of a `$ref` to a component. */
  readonly referencePrefix: string;
  scalar(type: JsonScalar, use: SchemaUse): JsonObject;
  /** The schema of the JSON `null`. */
  readonly nothing: JsonObject;
  /** Extends a schema so that it also allows `null`. */
  orNothing(schema: JsonObject): JsonObject;
  /** More keywords of an enum. */
  enumExtras(type: EnumModel): JsonObject;
  /** More keywords of a map, by the type of its keys. */
  mapExtras(key: JsonScalar): JsonObject;
  /** Keywords that allow at most one property of each group. */
  exclusive(groups: readonly (readonly string[])[]): JsonObject;
  /** Keywords for the marks of a message, an enum or a property. */
  marks(marks: SchemaMarks): JsonObject;
  /** A text for the marks that have no keyword. `""` if there are none. */
  markText(marks: SchemaMarks): string;
}

/**
 * What a description says about a message, an enum or a property in addition to its type. Each syntax has keywords for
 * some of it, and says the rest in words.
 */
export interface SchemaMarks {
  readonly deprecated: boolean;
  /** Whether it occurs only in responses. */
  readonly readOnly?: boolean;
  /** Whether it occurs only in requests. */
  readonly writeOnly?: boolean;
}
