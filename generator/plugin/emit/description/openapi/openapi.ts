import type { ApiSettings } from "../../../model/api-settings.js";
import type { ResponseDocs } from "../../../model/documentation.js";
import { isJson, type Json, type JsonObject } from "../../../model/json.js";
import type { Model } from "../../../model/model.js";
import type { JsonOptions } from "../../../plugin-options.js";
import { jsonText } from "../format-json.js";
import {
  ERROR_NOTES,
  ERROR_RESPONSE,
  FRAMING_NOTES,
  jsonNotes,
  STREAM_NOTES,
  STREAM_OF_BYTES,
  STREAM_REQUEST,
  WEBSOCKET_NOTES,
  WEBSOCKET_REQUEST,
} from "../notes.js";
import { OPENAPI } from "../operation/description-format.js";
import { type Content, type Operation, type Operations, operationsOf } from "../operation/operation.js";
import type { PathParameter } from "../operation/operation-path.js";
import { documentedSchema, operationResponses } from "../operation/operation-responses.js";
import { fromPathText, pathParameterText, queryParameterText } from "../operation/parameter-text.js";
import type { QueryParameter } from "../operation/query-parameters.js";
import { undescribedRoutes } from "../operation/undescribed-route.js";
import { description, joinParagraphs } from "../prose.js";
import { docsMember } from "../schema-docs.js";
import type { SchemaUse } from "../schema-syntax.js";
import { Schemas } from "../schemas.js";
import { openapiScheme, securityOf, securitySchemesOf } from "../security.js";
import { BYTES, bytesParameter, choosesBytes } from "./bytes-parameter.js";
import { ErrorComponents } from "./error-components.js";
import { bodyExample, pathExample, valueAt } from "./example.js";
import { json } from "./json-content.js";
import { openapiSyntax } from "./openapi-syntax.js";
import { streamResponse } from "./stream-response.js";

/**
 * Writes the OpenAPI 3.1 description of an API, as JSON text.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export function openapiText(model: Model, settings: ApiSettings, json: JsonOptions): string {
  return jsonText(new OpenapiDocument(model, settings, json).document());
}

class OpenapiDocument {
  readonly #model: Model;
  readonly #settings: ApiSettings;
  readonly #api: Operations;
  readonly #schemas: Schemas;
  readonly #json: JsonOptions;
  readonly #streams: boolean;
  readonly #errors: ErrorComponents;

  constructor(model: Model, settings: ApiSettings, json: JsonOptions) {
    this.#model = model;
    this.#settings = settings;
    this.#json = json;
    this.#api = operationsOf(model, OPENAPI, json.jsonNames);
    this.#schemas = new Schemas(model, openapiSyntax, json.jsonNames, this.#api.requestOnly);
    this.#streams = this.#api.operations.some(isStream);
    this.#errors = new ErrorComponents(settings, this.#schemas, this.#streams);
  }

  document(): JsonObject {
    const { title, version, description: about, servers } = this.#settings;
    const paths = this.#paths();
    return {
      openapi: "3.1.0",
      info: {
        title,
        version,
        ...this.#settings.info,
        description: joinParagraphs(
          about,
          jsonNotes(this.#json),
          ...(this.#streams ? [STREAM_NOTES, FRAMING_NOTES, WEBSOCKET_NOTES] : []),
          ERROR_NOTES,
        ),
      },
      servers: servers.map((server) => ({ url: server.url, ...description(server.description) })),
      // The empty requirement makes the token optional, because the server decides whether it is needed.
      security: securityOf(this.#settings, {}),
      tags: this.#api.tags.map((tag) => ({
        name: tag.name,
        ...description(tag.description),
        ...docsMember(tag.externalDocs),
      })),
      paths,
      ...docsMember(this.#settings.externalDocs),
      components: this.#components(),
      ...undescribedRoutes(this.#api.undescribed),
    };
  }

  #paths(): JsonObject {
    const { pathPrefix } = this.#settings;
    const paths = new Map<string, JsonObject>();
    for (const operation of this.#api.operations) {
      const served = pathPrefix === "" || operation.path.startsWith(`${pathPrefix}/`);
      const path = served ? operation.path.slice(pathPrefix.length) : operation.path;
      paths.set(path, {
        // The servers' URLs contain the prefix, so they do not apply to a path without it.
        ...(served ? {} : { servers: [{ url: "/" }] }),
        ...paths.get(path),
        [operation.method]: this.#operation(operation),
      });
    }
    return Object.fromEntries(paths);
  }

  #operation(operation: Operation): JsonObject {
    const parameters = this.#parameters(operation);
    return {
      tags: operation.tags,
      summary: operation.summary,
      ...description(operation.description),
      ...docsMember(operation.rpc.docs?.externalDocs),
      operationId: operation.id,
      ...(operation.deprecated ? { deprecated: true } : {}),
      ...(parameters.length === 0 ? {} : { parameters }),
      ...this.#requestBody(operation),
      ...(operation.rpc.docs?.security === undefined
        ? {}
        : { security: operation.rpc.docs.security.map((requirement) => ({ ...requirement })) }),
      responses: this.#responses(operation),
    };
  }

  #responses(operation: Operation): JsonObject {
    const error = {
      $ref: `#/components/responses/${isStream(operation) && !operation.eventSource ? "StreamError" : "Error"}`,
    };
    const usual = { success: this.#response(operation), error };
    return operationResponses(operation, this.#settings, usual, (status, docs) =>
      this.#documented(operation, status, docs),
    );
  }

  #documented(operation: Operation, status: string, docs: ResponseDocs): JsonObject {
    const usual = status === "200" ? this.#response(operation) : isErrorStatus(status) ? this.#error() : {};
    const schema = documentedSchema(docs, this.#schemas, this.#model);
    const example = docs.examples?.["application/json"];
    const content = schema === undefined ? {} : { content: json(schema, isJson(example) ? { example } : {}) };
    return { description: "", ...usual, ...description(docs.description ?? ""), ...content };
  }

  #error(): JsonObject {
    return { description: ERROR_RESPONSE, content: json(this.#errors.error) };
  }

  #parameters(operation: Operation): readonly JsonObject[] {
    const { pathParameters, queryParameters, rpc } = operation;
    const request = this.#settings.examples[rpc.name];
    return [
      ...pathParameters.map((parameter) => ({
        name: parameter.name,
        in: "path",
        ...description(pathParameterText(parameter, this.#schemas.fieldAt(rpc.input, parameter.field ?? []))),
        required: true,
        schema: this.#pathParameterSchema(rpc.input, parameter),
        ...example(pathExample(request, this.#schemas.namesTo(rpc.input, parameter.field ?? []), parameter)),
      })),
      ...queryParameters.map((parameter) => ({
        name: parameter.path.join("."),
        in: "query",
        ...description(queryParameterText(operation, parameter)),
        ...(parameter.required ? { required: true } : {}),
        ...(parameter.field.deprecated ? { deprecated: true } : {}),
        ...this.#queryParameterType(parameter, valueAt(request, parameter.path)),
      })),
      ...(choosesBytes(operation, this.#model) ? [{ $ref: `#/components/parameters/${BYTES}` }] : []),
    ];
  }

  #queryParameterType({ field, form }: QueryParameter, value: Json | undefined): JsonObject {
    const schema = this.#schemas.field(field, "parameter");
    if (form === "json") return { content: json(schema, example(value)) };
    return {
      ...(form === "entries" ? { style: "deepObject", explode: true } : {}),
      schema,
      ...example(asText(value, schema)),
    };
  }

  #pathParameterSchema(input: string, { field, pattern, deep }: PathParameter): JsonObject {
    const target =
      field === undefined || pattern !== undefined || deep ? undefined : this.#schemas.fieldAt(input, field);
    return target === undefined ? { type: "string" } : this.#schemas.field(target, "parameter");
  }

  #requestBody({ request, rpc }: Operation): JsonObject {
    if (request === undefined) return {};
    const about = joinParagraphs(
      rpc.clientStreaming ? `${STREAM_REQUEST} ${WEBSOCKET_REQUEST}` : "",
      fromPathText(request),
    );
    const fromPath = request.kind === "message" ? [...request.without] : [];
    const omitted = fromPath.map((path) => this.#schemas.namesTo(rpc.input, path.split(".")).join("."));
    const body = example(
      bodyExample(this.#settings.examples[rpc.name], request, this.#json.jsonNames, new Set(omitted)),
    );
    return {
      requestBody: { ...description(about), content: mediaTypes(request, this.#schema(request, "request"), body) },
    };
  }

  #response(operation: Operation): JsonObject {
    const { method, response, rpc } = operation;
    if (method === "head") return { description: "The response, which has no body." };
    const schema = this.#schema(response, "response");
    if (!rpc.serverStreaming) return { description: "The response.", content: mediaTypes(response, schema) };
    if (response.kind === "bytes") return { description: STREAM_OF_BYTES, content: mediaTypes(response, schema) };
    return streamResponse(operation, schema, this.#errors.streamError);
  }

  #schema(content: Content, use: SchemaUse): JsonObject {
    switch (content.kind) {
      case "bytes":
        return {};
      case "field":
        return use === "response" ? this.#schemas.fieldAlone(content.field) : this.#schemas.field(content.field, use);
      case "message":
        return this.#schemas.body(content.name, use, content.without);
    }
  }

  #components(): JsonObject {
    const schemes = Object.entries(securitySchemesOf(this.#settings));
    return {
      responses: this.#errors.responses(),
      ...(this.#api.operations.some((operation) => choosesBytes(operation, this.#model))
        ? { parameters: { [BYTES]: bytesParameter() } }
        : {}),
      schemas: { ...this.#errors.schemas(), ...this.#schemas.components() },
      ...(schemes.length === 0
        ? {}
        : { securitySchemes: Object.fromEntries(schemes.map(([name, scheme]) => [name, openapiScheme(scheme)])) }),
    };
  }
}

function isErrorStatus(status: string): boolean {
  return status === "default" || Number(status) >= 400;
}

function isStream({ rpc }: Operation): boolean {
  return rpc.serverStreaming || rpc.clientStreaming;
}

function mediaTypes(content: Content, schema: JsonObject, extras: JsonObject = {}): JsonObject {
  return content.kind === "bytes" ? { "*/*": { schema } } : json(schema, extras);
}

function example(value: Json | undefined): JsonObject {
  return value === undefined ? {} : { example: value };
}

/** The example of a parameter as text. A parameter's 64-bit integer is a string. */
function asText(value: Json | undefined, { type }: JsonObject): Json | undefined {
  return typeof value === "number" && type === "string" ? String(value) : value;
}
