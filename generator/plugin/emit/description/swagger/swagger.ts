import type { ApiSettings } from "../../../model/api-settings.js";
import type { ResponseDocs } from "../../../model/documentation.js";
import { isJson, type Json, type JsonObject } from "../../../model/json.js";
import type { EnumModel, FieldModel, Model } from "../../../model/model.js";
import type { JsonOptions } from "../../../plugin-options.js";
import { enumText } from "../field-text.js";
import { jsonText } from "../format-json.js";
import { ERROR_NOTES, jsonNotes, STREAM_NOTES, STREAM_OF_BYTES, STREAM_REQUEST, STREAM_RESPONSE } from "../notes.js";
import { SWAGGER } from "../operation/description-format.js";
import { type Content, type Operation, type Operations, operationsOf } from "../operation/operation.js";
import { documentedSchema, operationResponses } from "../operation/operation-responses.js";
import { fromPathText, pathParameterText, queryParameterText } from "../operation/parameter-text.js";
import type { QueryParameter } from "../operation/query-parameters.js";
import { undescribedRoutes } from "../operation/undescribed-route.js";
import { description, joinParagraphs } from "../prose.js";
import { docsMember } from "../schema-docs.js";
import type { SchemaUse } from "../schema-syntax.js";
import { Schemas, STATUS } from "../schemas.js";
import { securityOf, securitySchemesOf, swaggerScheme } from "../security.js";
import { swaggerNames } from "./swagger-names.js";
import { swaggerSyntax } from "./swagger-syntax.js";

const URL_PARTS = /^(?:(https?):\/\/([^/]+))?(.*?)\/?$/;
const BYTES = { type: "string", format: "binary" };

/**
 * Writes the Swagger 2.0 description of an API, as JSON text. Its names and its form follow grpc-gateway, so that tools
 * made for grpc-gateway's descriptions keep working. The paths are complete, as in the protos.
 *
 * @see https://swagger.io/specification/v2/
 */
export function swaggerText(model: Model, settings: ApiSettings, json: JsonOptions): string {
  return jsonText(new SwaggerDocument(model, settings, json).document());
}

class SwaggerDocument {
  readonly #model: Model;
  readonly #settings: ApiSettings;
  readonly #api: Operations;
  readonly #definitions: ReadonlyMap<string, string>;
  readonly #json: JsonOptions;
  readonly #schemas: Schemas;

  constructor(model: Model, settings: ApiSettings, json: JsonOptions) {
    this.#model = model;
    this.#settings = settings;
    this.#api = operationsOf(model, SWAGGER, json.jsonNames);
    this.#definitions = swaggerNames(model);
    this.#json = json;
    this.#schemas = new Schemas(model, swaggerSyntax(this.#definitions), json.jsonNames, this.#api.requestOnly);
  }

  document(): JsonObject {
    const { title, version, description: about } = this.#settings;
    const schemes = Object.entries(securitySchemesOf(this.#settings));
    const streams = this.#api.operations.some(({ rpc }) => rpc.serverStreaming || rpc.clientStreaming);
    const paths = this.#paths();
    return {
      swagger: "2.0",
      info: {
        title,
        version,
        ...this.#settings.info,
        description: joinParagraphs(about, jsonNotes(this.#json), streams ? STREAM_NOTES : "", ERROR_NOTES),
      },
      tags: this.#api.tags.map((tag) => ({
        name: tag.name,
        ...description(tag.description),
        ...docsMember(tag.externalDocs),
      })),
      ...this.#host(),
      consumes: ["application/json"],
      produces: ["application/json"],
      paths,
      ...docsMember(this.#settings.externalDocs),
      definitions: this.#schemas.components(),
      ...(schemes.length === 0
        ? {}
        : { securityDefinitions: Object.fromEntries(schemes.map(([name, scheme]) => [name, swaggerScheme(scheme)])) }),
      security: securityOf(this.#settings),
      ...undescribedRoutes(this.#api.undescribed),
    };
  }

  /**
   * The host, base path and schemes of the first server. A part that its URL lacks is that of the description's own
   * URL.
   */
  #host(): JsonObject {
    const { servers, pathPrefix } = this.#settings;
    const url = servers[0]?.url ?? "";
    const [, , host, path = ""] = URL_PARTS.exec(url) ?? [];
    const schemes = servers.flatMap((server) => {
      const [, scheme, other, otherPath = ""] = URL_PARTS.exec(server.url) ?? [];
      return scheme !== undefined && other === host && otherPath === path ? [scheme] : [];
    });
    const base = path.endsWith(pathPrefix) ? path.slice(0, path.length - pathPrefix.length) : path;
    return {
      ...(host === undefined ? {} : { host }),
      ...(base === "" ? {} : { basePath: base }),
      ...(schemes.length === 0 ? {} : { schemes: [...new Set(schemes)] }),
    };
  }

  #paths(): JsonObject {
    const paths = new Map<string, JsonObject>();
    for (const operation of this.#api.operations) {
      paths.set(operation.path, { ...paths.get(operation.path), [operation.method]: this.#operation(operation) });
    }
    return Object.fromEntries(paths);
  }

  #operation(operation: Operation): JsonObject {
    const { request, response } = operation;
    const parameters = this.#parameters(operation);
    return {
      summary: operation.summary,
      ...description(operation.description),
      ...docsMember(operation.rpc.docs?.externalDocs),
      operationId: operation.id,
      ...(operation.deprecated ? { deprecated: true } : {}),
      ...(request?.kind === "bytes" ? { consumes: ["*/*"] } : {}),
      ...(response.kind === "bytes" ? { produces: ["*/*"] } : {}),
      ...(operation.rpc.docs?.security === undefined
        ? {}
        : { security: operation.rpc.docs.security.map((requirement) => ({ ...requirement })) }),
      responses: this.#responses(operation),
      ...(parameters.length === 0 ? {} : { parameters }),
      tags: operation.tags,
    };
  }

  #responses(operation: Operation): JsonObject {
    const error = { description: "An unexpected error response.", schema: this.#schemas.message(STATUS, "response") };
    const usual = { success: this.#response(operation), error };
    return operationResponses(operation, this.#settings, usual, (status, docs) =>
      this.#documented(operation, status, docs),
    );
  }

  #documented(operation: Operation, status: string, docs: ResponseDocs): JsonObject {
    const schema = documentedSchema(docs, this.#schemas, this.#model);
    const examples = Object.entries(docs.examples ?? {}).filter((entry): entry is [string, Json] => isJson(entry[1]));
    return {
      description: "",
      ...(status === "200" ? this.#response(operation) : {}),
      ...description(docs.description ?? ""),
      ...(schema === undefined ? {} : { schema }),
      ...(examples.length === 0 ? {} : { examples: Object.fromEntries(examples) }),
    };
  }

  #response({ method, response, rpc }: Operation): JsonObject {
    if (method === "head") return { description: "A successful response." };
    const schema = this.#schema(response, "response");
    if (!rpc.serverStreaming) return { description: "A successful response.", schema };
    if (response.kind === "bytes") return { description: STREAM_OF_BYTES, schema };
    return {
      description: `A successful response.(streaming responses) ${STREAM_RESPONSE}`,
      schema: {
        type: "object",
        properties: { result: schema, error: this.#schemas.message(STATUS, "response") },
        title: `Stream result of ${this.#definitions.get(rpc.output)}`,
      },
    };
  }

  #parameters(operation: Operation): readonly JsonObject[] {
    const { pathParameters, queryParameters, request, rpc } = operation;
    return [
      ...pathParameters.map((parameter) => ({
        name: parameter.name,
        in: "path",
        required: true,
        ...this.#pathParameterType(rpc.input, parameter),
        ...description(pathParameterText(parameter, this.#schemas.fieldAt(rpc.input, parameter.field ?? []))),
      })),
      ...(request === undefined ? [] : [this.#body(request, rpc.clientStreaming)]),
      ...queryParameters.map((parameter) => ({
        name: parameter.path.join(".") + (parameter.form === "entries" ? "[key]" : ""),
        in: "query",
        required: parameter.required,
        ...this.#queryParameterType(parameter),
        ...description(joinParagraphs(queryParameterText(operation, parameter), this.#swaggerOnlyText(parameter))),
      })),
    ];
  }

  #pathParameterType(input: string, { field, pattern, deep }: Operation["pathParameters"][number]): JsonObject {
    const target =
      field === undefined || pattern !== undefined || deep ? undefined : this.#schemas.fieldAt(input, field);
    return target === undefined ? { type: "string" } : this.#parameterType(target);
  }

  #queryParameterType({ field, form }: QueryParameter): JsonObject {
    if (form === "json") return { type: "string" };
    if (form === "entries") return this.#parameterType({ ...field, cardinality: "singular" });
    return {
      ...this.#parameterType(field),
      ...(field.cardinality === "repeated" ? { collectionFormat: "multi" } : {}),
    };
  }

  #body(request: Content, stream: boolean): JsonObject {
    return {
      name: "body",
      ...description(joinParagraphs(stream ? `(streaming inputs) ${STREAM_REQUEST}` : "", fromPathText(request))),
      in: "body",
      required: true,
      schema: this.#schema(request, "request"),
    };
  }

  #schema(content: Content, use: SchemaUse): JsonObject {
    switch (content.kind) {
      case "bytes":
        return BYTES;
      case "field":
        return this.#schemas.field(content.field, use);
      case "message":
        return this.#schemas.body(content.name, use, content.without);
    }
  }

  /** Facts about a parameter that Swagger 2.0 can express only in words. */
  #swaggerOnlyText({ field, form }: QueryParameter): string {
    const type = field.type.kind === "enum" ? this.#model.enums[field.type.name] : undefined;
    return joinParagraphs(
      type === undefined ? "" : enumText(type),
      field.deprecated ? "Deprecated." : "",
      form === "entries" ? "An entry of a map: the parameter's name has the key in its brackets." : "",
      form === "json" ? "JSON text." : "",
    );
  }

  /**
   * The type of a parameter. Enums are written inline because parameters cannot refer to definitions in Swagger 2.0.
   */
  #parameterType(field: FieldModel): JsonObject {
    const type = field.type.kind === "enum" ? this.#model.enums[field.type.name] : undefined;
    if (type === undefined) return this.#schemas.field(field, "parameter");
    const names = enumNames(type);
    return field.cardinality === "repeated" ? { type: "array", items: names } : names;
  }
}

function enumNames(type: EnumModel): JsonObject {
  return { type: "string", enum: type.values.map((value) => value.name) };
}
