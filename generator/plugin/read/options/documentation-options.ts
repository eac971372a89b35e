import type { DocumentDocs, ExternalDocs, OperationDocs, SchemaDocs, TagDocs } from "../../model/documentation.js";
import type { AnnotationsOf } from "./annotations-of.js";
import { exampleOf, given, listOf, type Members, objectOf, some, texts } from "./members.js";
import { readResponses, readSecurity, readSecuritySchemes, readServers } from "./swagger-options.js";

const OPENAPIV2 = "grpc.gateway.protoc_gen_openapiv2.options";
const GNOSTIC = "openapi.v3";

/** The supported options, by the full names of their extensions. */
export const DOCUMENTATION_OPTIONS: readonly string[] = [
  ...["swagger", "operation", "schema", "enum", "tag", "field"].map((name) => `${OPENAPIV2}.openapiv2_${name}`),
  ...["document", "operation", "schema", "property"].map((name) => `${GNOSTIC}.${name}`),
];

const LIMITS = ["maximum", "minimum", "multipleOf", "maxLength", "minLength", "maxItems", "minItems"] as const;

/** Reads the documentation of the whole API from a file's options. `undefined` if there is none. */
export function readDocumentDocs(annotations: AnnotationsOf): DocumentDocs | undefined {
  const document = members(annotations, "swagger", "document");
  const info = objectOf(document["info"]);
  const swagger = members(annotations, "swagger");
  return some<DocumentDocs>({
    ...texts(info, "title", "version", "description", "termsOfService"),
    ...given("contact", some(texts(objectOf(info["contact"]), "name", "url", "email"))),
    // OpenAPI requires the name.
    ...given(
      "license",
      objectOf(info["license"])["name"] === undefined ? undefined : texts(objectOf(info["license"]), "name", "url"),
    ),
    ...externalDocs(document),
    ...readServers(swagger),
    ...readSecuritySchemes(swagger),
    ...readSecurity(swagger),
    ...readResponses(swagger),
  });
}

/** Reads the documentation in a service's options. `undefined` if there is none. */
export function readTagDocs(annotations: AnnotationsOf): TagDocs | undefined {
  const tag = members(annotations, "tag");
  return some<TagDocs>({ ...texts(tag, "description"), ...externalDocs(tag) });
}

/** Reads the documentation in an RPC's options. `undefined` if there is none. */
export function readOperationDocs(annotations: AnnotationsOf): OperationDocs | undefined {
  const operation = members(annotations, "operation", "operation");
  const tags = listOf(operation["tags"]);
  return some<OperationDocs>({
    ...texts(operation, "summary", "description", "operationId"),
    ...(tags.length === 0 ? {} : { tags }),
    ...flags(operation, "deprecated"),
    ...externalDocs(operation),
    ...readSecurity(members(annotations, "operation")),
    ...readResponses(members(annotations, "operation")),
  });
}

/** Reads the documentation in the options of a message, an enum or a field. `undefined` if there is none. */
export function readSchemaDocs(annotations: AnnotationsOf): SchemaDocs | undefined {
  const outer = {
    ...members(annotations, "schema"),
    ...members(annotations, "enum"),
    ...members(annotations, "field"),
  };
  const gnostic = { ...objectOf(annotations[`${GNOSTIC}.schema`]), ...objectOf(annotations[`${GNOSTIC}.property`]) };
  const schema = { ...outer, ...objectOf(outer["jsonSchema"]), ...gnostic };
  const required = listOf(schema["required"]);
  // 64-bit integers are strings in protobuf JSON.
  const limits = LIMITS.flatMap((name) => (schema[name] === undefined ? [] : [[name, Number(schema[name])] as const]));
  return some<SchemaDocs>({
    ...texts(schema, "title", "description"),
    ...given("example", exampleOf(schema["example"])),
    ...(required.length === 0 ? {} : { required }),
    ...flags(schema, "readOnly", "writeOnly"),
    ...externalDocs(schema),
    ...(limits.length === 0 ? {} : { limits: Object.fromEntries(limits) }),
  });
}

function members(annotations: AnnotationsOf, openapiv2: string, gnostic?: string): Members {
  return {
    ...objectOf(annotations[`${OPENAPIV2}.openapiv2_${openapiv2}`]),
    ...(gnostic === undefined ? {} : objectOf(annotations[`${GNOSTIC}.${gnostic}`])),
  };
}

function externalDocs(of: Members): { readonly externalDocs?: ExternalDocs } {
  const { url, description } = texts(objectOf(of["externalDocs"]), "url", "description");
  if (url === undefined) return {};
  return { externalDocs: { url, ...(description === undefined ? {} : { description }) } };
}

function flags<Name extends string>(of: Members, ...names: readonly Name[]): { readonly [name in Name]?: boolean } {
  const found: { [name in Name]?: boolean } = {};
  for (const name of names) if (of[name] === true) found[name] = true;
  return found;
}
