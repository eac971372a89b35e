import type { ApiSettings } from "../../../model/api-settings.js";
import type { Model } from "../../../model/model.js";
import type { JsonOptions } from "../../../options.js";
import { type Json, type JsonObject, jsonText } from "../json.js";
import {
  ERROR_NOTES,
  ERROR_RESPONSE,
  jsonNotes,
  STREAM_ERROR_RESPONSE,
  STREAM_NOTES,
  STREAM_OF_BYTES,
  STREAM_REQUEST,
  STREAM_RESPONSE,
} from "../notes.js";
import {
  type Content,
  OPENAPI,
  type Operation,
  type Operations,
  operationsOf,
  type Undescribed,
} from "../operation.js";
import type { PathParameter } from "../operation-path.js";
import { fromPathText, pathParameterText, queryParameterText } from "../parameter-text.js";
import { description, joinParagraphs } from "../prose.js";
import type { QueryParameter } from "../query-parameters.js";
import type { Place } from "../schema-dialect.js";
import { Schemas, STATUS } from "../schemas.js";
import { bodyExample, pathExample, valueAt } from "./example.js";
import { openapiDialect } from "./openapi-dialect.js";

const SECURITY = "ApiKey";

/**
 * The OpenAPI 3.1 description of an API, as JSON text.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
export function openapiText(model: Model, settings: ApiSettings, json: JsonOptions): string {
  return jsonText(new OpenapiDocument(model, settings, json).document());
}

class OpenapiDocument {
  readonly #settings: ApiSettings;
  readonly #api: Operations;
  readonly #schemas: Schemas;
  readonly #json: JsonOptions;
  readonly #streams: boolean;

  constructor(model: Model, settings: ApiSettings, json: JsonOptions) {
    this.#settings = settings;
    this.#json = json;
    this.#api = operationsOf(model, OPENAPI, json.jsonNames);
    this.#schemas = new Schemas(model, openapiDialect, json.jsonNames, this.#api.requestOnly);
    this.#streams = this.#api.operations.some(isStream);
  }

  document(): JsonObject {
    const { title, version, description: about, servers, token } = this.#settings;
    const paths = this.#paths();
    return {
      openapi: "3.1.0",
      info: {
        title,
        version,
        description: joinParagraphs(about, jsonNotes(this.#json), this.#streams ? STREAM_NOTES : "", ERROR_NOTES),
      },
      servers: servers.map((server) => ({ url: server.url, ...description(server.description) })),
      // The empty requirement makes the token optional: whether one is needed is up to the server.
      security: token === undefined ? [] : [{ [SECURITY]: [] }, {}],
      tags: this.#api.tags.map((tag) => ({ name: tag.name, ...description(tag.description) })),
      paths,
      components: this.#components(),
      ...undescribed(this.#api.undescribed),
    };
  }

  #paths(): JsonObject {
    const { pathPrefix } = this.#settings;
    const paths = new Map<string, JsonObject>();
    for (const operation of this.#api.operations) {
      const served = pathPrefix === "" || operation.path.startsWith(`${pathPrefix}/`);
      const path = served ? operation.path.slice(pathPrefix.length) : operation.path;
      paths.set(path, {
        // A path without the prefix is not under the servers' URLs.
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
      tags: [operation.tag],
      summary: operation.summary,
      ...description(operation.description),
      operationId: operation.id,
      ...(operation.deprecated ? { deprecated: true } : {}),
      ...(parameters.length === 0 ? {} : { parameters }),
      ...this.#requestBody(operation),
      responses: {
        "200": this.#response(operation),
        default: { $ref: `#/components/responses/${isStream(operation) ? "StreamError" : "Error"}` },
      },
    };
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
    ];
  }

  #queryParameterType({ field, form }: QueryParameter, value: Json | undefined): JsonObject {
    const schema = this.#schemas.field(field, "parameter");
    if (form === "json") return { content: json(schema, example(value)) };
    return { ...(form === "entries" ? { style: "deepObject", explode: true } : {}), schema, ...example(value) };
  }

  #pathParameterSchema(input: string, { field, pattern, deep }: PathParameter): JsonObject {
    const target =
      field === undefined || pattern !== undefined || deep ? undefined : this.#schemas.fieldAt(input, field);
    return target === undefined ? { type: "string" } : this.#schemas.field(target, "parameter");
  }

  #requestBody({ request, rpc }: Operation): JsonObject {
    if (request === undefined) return {};
    const about = joinParagraphs(rpc.clientStreaming ? STREAM_REQUEST : "", fromPathText(request));
    const fromPath = request.kind === "message" ? [...request.without] : [];
    const omitted = fromPath.map((path) => this.#schemas.namesTo(rpc.input, path.split(".")).join("."));
    const body = example(
      bodyExample(this.#settings.examples[rpc.name], request, this.#json.jsonNames, new Set(omitted)),
    );
    return {
      requestBody: { ...description(about), content: mediaTypes(request, this.#schema(request, "request"), body) },
    };
  }

  #response({ method, response, rpc }: Operation): JsonObject {
    if (method === "head") return { description: "The response, which has no body." };
    const schema = this.#schema(response, "response");
    if (!rpc.serverStreaming) return { description: "The response.", content: mediaTypes(response, schema) };
    if (response.kind === "bytes") return { description: STREAM_OF_BYTES, content: mediaTypes(response, schema) };
    const line = {
      type: "object",
      title: `Stream result of ${rpc.output}`,
      properties: { result: schema, error: this.#schemas.message(STATUS, "response") },
      minProperties: 1,
      maxProperties: 1,
    };
    return { description: STREAM_RESPONSE, content: mediaTypes(response, line) };
  }

  #schema(content: Content, place: Place): JsonObject {
    switch (content.kind) {
      case "bytes":
        return {};
      case "field":
        return place === "response"
          ? this.#schemas.fieldAlone(content.field)
          : this.#schemas.field(content.field, place);
      case "message":
        return this.#schemas.body(content.name, place, content.without);
    }
  }

  #components(): JsonObject {
    const { token } = this.#settings;
    const status = this.#schemas.message(STATUS, "response");
    const line = { type: "object", properties: { error: status }, required: ["error"] };
    return {
      responses: {
        Error: { description: ERROR_RESPONSE, content: json(status) },
        ...(this.#streams
          ? { StreamError: { description: STREAM_ERROR_RESPONSE, content: json({ anyOf: [line, status] }) } }
          : {}),
      },
      schemas: this.#schemas.components(),
      ...(token === undefined
        ? {}
        : {
            securitySchemes: {
              [SECURITY]: { type: "apiKey", name: token.header, in: "header", ...description(token.description) },
            },
          }),
    };
  }
}

function isStream({ rpc }: Operation): boolean {
  return rpc.serverStreaming || rpc.clientStreaming;
}

function json(schema: JsonObject, extras: JsonObject = {}): JsonObject {
  return { "application/json": { schema, ...extras } };
}

function mediaTypes(content: Content, schema: JsonObject, extras: JsonObject = {}): JsonObject {
  return content.kind === "bytes" ? { "*/*": { schema } } : json(schema, extras);
}

function example(value: Json | undefined): JsonObject {
  return value === undefined ? {} : { example: value };
}

/** Routes that OpenAPI cannot say, so that nobody takes them for forgotten. */
function undescribed(routes: readonly Undescribed[]): JsonObject {
  return routes.length === 0 ? {} : { "x-undescribed-routes": routes.map((route) => ({ ...route })) };
}
