import type { ExternalDocs } from "../../model/documentation.js";
import type { BindingModel, FieldModel, MethodModel, Model, ServiceModel } from "../../model/model.js";
import type { JsonNames } from "../../options.js";
import { operationPath, type PathParameter, pathShape } from "./operation-path.js";
import { joinParagraphs, paragraphs, summaryAndRest } from "./prose.js";
import { type QueryParameter, queryParameters } from "./query-parameters.js";
import { reachedFrom } from "./schemas.js";
import { HTTP_BODY } from "./well-known-schema.js";

/** A method of an OpenAPI path item. */
export type HttpMethod = "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace";

/** A kind of API description. */
export interface DescriptionFormat {
  readonly name: string;
  /** The HTTP methods that it has operations for. */
  readonly methods: readonly HttpMethod[];
  /**
   * Whether it has what clients of grpc-gateway's do not expect: each stream as server-sent events by `GET`. Of Swagger
   * files, code is generated whose names and parameters should stay.
   */
  readonly eventSources: boolean;
}

/** Its operations are for eight methods, whose names are fixed. */
export const OPENAPI: DescriptionFormat = {
  name: "OpenAPI 3.1",
  methods: ["get", "put", "post", "delete", "options", "head", "patch", "trace"],
  eventSources: true,
};

/** As OpenAPI, without `trace`. */
export const SWAGGER: DescriptionFormat = {
  name: "Swagger 2.0",
  methods: ["get", "put", "post", "delete", "options", "head", "patch"],
  eventSources: false,
};

/** What a request or response body holds. */
export type Content =
  /** A message; without the fields that the path gives. */
  | { readonly kind: "message"; readonly name: string; readonly without: ReadonlySet<string> }
  | { readonly kind: "field"; readonly field: FieldModel }
  /** Bytes of any content type: a `google.api.HttpBody`. */
  | { readonly kind: "bytes" };

/** One binding of an rpc, as API descriptions see it. */
export interface Operation {
  readonly id: string;
  readonly tags: readonly string[];
  readonly rpc: MethodModel;
  /** The rpc's comment: a line that says it all, and the rest. */
  readonly summary: string;
  readonly description: string;
  /** The rpc is, or its whole service. */
  readonly deprecated: boolean;
  readonly method: HttpMethod;
  readonly path: string;
  readonly pathParameters: readonly PathParameter[];
  readonly queryParameters: readonly QueryParameter[];
  /** Absent for a binding without a body. */
  readonly request?: Content;
  readonly response: Content;
  /** The stream as server-sent events alone, as a browser's `EventSource` asks for it. */
  readonly eventSource?: true;
}

/** A service with operations. */
export interface Tag {
  readonly name: string;
  readonly description: string;
  readonly externalDocs?: ExternalDocs;
}

/** A route that an API description has no way to say. */
export interface Undescribed {
  readonly method: string;
  readonly template: string;
  readonly rpc: string;
  readonly reason: string;
}

/** What an API description is about. */
export interface Operations {
  readonly tags: readonly Tag[];
  readonly operations: readonly Operation[];
  readonly undescribed: readonly Undescribed[];
  /** The messages that requests have and responses have not. */
  readonly requestOnly: ReadonlySet<string>;
}

/** Every binding of the model as an operation, in its order. */
export function operationsOf(model: Model, format: DescriptionFormat, names: JsonNames): Operations {
  const services = model.files.flatMap((file) => file.services);
  const tags: Tag[] = [];
  const operations: Operation[] = [];
  const undescribed: Undescribed[] = [];
  const paths = new Paths();
  const ids = new OperationIds(services);

  for (const service of services) {
    const tag = tagOf(service, services);
    const before = operations.length;
    for (const rpc of service.methods) {
      rpc.bindings.forEach((binding, index) => {
        const method = format.methods.find((known) => known.toUpperCase() === binding.method);
        const place = method === undefined ? undefined : paths.place(binding, method);
        if (method === undefined || place === undefined) {
          undescribed.push(cannotDescribe(rpc, binding, method !== undefined, format));
          return;
        }
        const name = rpc.name.slice(service.name.length + 1);
        const { summary, rest } = summaryAndRest(rpc.comment);
        operations.push({
          id: ids.unique(rpc.docs?.operationId, index) ?? operationId(tag, name, index),
          tags: rpc.docs?.tags ?? [tag],
          rpc,
          summary: rpc.docs?.summary ?? (summary === "" ? name : summary),
          description: rpc.docs?.description ?? rest,
          deprecated: rpc.deprecated || service.deprecated || rpc.docs?.deprecated === true,
          method,
          ...place,
          ...contents(rpc, binding, model, names),
        });
      });
    }
    if (operations.length > before)
      tags.push({
        name: tag,
        description: tagText(service),
        ...(service.docs?.externalDocs === undefined ? {} : { externalDocs: service.docs.externalDocs }),
      });
  }
  const sources = format.eventSources ? operations.flatMap((stream) => eventSourceOf(stream, paths, model, names)) : [];
  return { tags, operations: [...operations, ...sources], undescribed, requestOnly: requestOnly(operations, model) };
}

/** The `GET` that a stream answers to as well, with the request in its query; none if the path has one already. */
function eventSourceOf(stream: Operation, paths: Paths, model: Model, names: JsonNames): readonly Operation[] {
  const { request: _body, ...rest } = stream;
  const { rpc, pathParameters, path } = stream;
  if (!rpc.serverStreaming || stream.response.kind === "bytes" || !paths.take(path, "get")) return [];
  const bound = new Set(pathParameters.flatMap(({ field }) => (field === undefined ? [] : [field.join(".")])));
  return [
    {
      ...rest,
      id: `${stream.id}_get`,
      method: "get",
      queryParameters: queryParameters(rpc.input, bound, model, names),
      eventSource: true,
    },
  ];
}

/** The operation ids that options give: each once, and again for an additional binding with its number. */
class OperationIds {
  readonly #taken: Set<string>;

  /** Ids that operations have by themselves are taken, whether they are used or not. */
  constructor(services: readonly ServiceModel[]) {
    const own = services.flatMap((service) =>
      service.methods.flatMap(({ name, bindings }) =>
        bindings.map((_, index) => operationId(tagOf(service, services), name.slice(service.name.length + 1), index)),
      ),
    );
    this.#taken = new Set(own.flatMap((id) => [id, `${id}_get`]));
  }

  /** The id of a binding, `undefined` if there is none, or another operation has it. */
  unique(given: string | undefined, index: number): string | undefined {
    const id = given === undefined ? undefined : given + suffix(index);
    if (id === undefined || this.#taken.has(id)) return undefined;
    this.#taken.add(id);
    return id;
  }
}

function operationId(tag: string, rpc: string, index: number): string {
  return `${tag}_${rpc}${suffix(index)}`;
}

function suffix(index: number): string {
  return index === 0 ? "" : String(index + 1);
}

/** The paths taken so far: those that differ in parameter names only must be one, and each has a method once. */
class Paths {
  readonly #names = new Map<string, readonly string[]>();
  readonly #taken = new Set<string>();

  /** Where a binding goes, or `undefined` if another one is there. */
  place(binding: BindingModel, method: HttpMethod): Pick<Operation, "path" | "pathParameters"> | undefined {
    const shape = pathShape(operationPath(binding).path);
    const { path, parameters } = operationPath(binding, this.#names.get(shape));
    if (!this.take(path, method)) return undefined;
    this.#names.set(
      shape,
      parameters.map((parameter) => parameter.name),
    );
    return { path, pathParameters: parameters };
  }

  /** Takes an operation's path and method; `false` if another one has them. */
  take(path: string, method: HttpMethod): boolean {
    const key = `${method} ${path}`;
    if (this.#taken.has(key)) return false;
    this.#taken.add(key);
    return true;
  }
}

/** The service's short name, as etcd's and most descriptions have it; its full name, if another is called the same. */
function tagOf(service: ServiceModel, services: readonly ServiceModel[]): string {
  const alike = services.filter((other) => other.localName === service.localName);
  return alike.length === 1 ? service.localName : service.name.replaceAll(".", "_");
}

function tagText({ comment, deprecated, docs }: ServiceModel): string {
  return joinParagraphs(docs?.description ?? paragraphs(comment), deprecated ? "Deprecated." : "");
}

function cannotDescribe(
  rpc: MethodModel,
  binding: BindingModel,
  methodKnown: boolean,
  format: DescriptionFormat,
): Undescribed {
  const reason = methodKnown
    ? "another operation has the same method and, but for the kind of wildcard, the same path"
    : binding.method === "*"
      ? `${format.name} has no operation for every method`
      : `${format.name} has no operations for the method ${binding.method}`;
  return { method: binding.method, template: binding.template, rpc: rpc.name, reason };
}

function contents(
  rpc: MethodModel,
  binding: BindingModel,
  model: Model,
  names: JsonNames,
): Pick<Operation, "queryParameters" | "request" | "response"> {
  const fromPath = binding.path.variables.map((variable) => variable.field.join("."));
  const response = content(rpc.output, binding.responseBody, [], model);
  if (binding.body === "*") {
    return { queryParameters: [], request: content(rpc.input, "", fromPath, model), response };
  }
  const bound = new Set([...fromPath, ...(binding.body === "" ? [] : [binding.body])]);
  return {
    queryParameters: queryParameters(rpc.input, bound, model, names),
    ...(binding.body === "" ? {} : { request: content(rpc.input, binding.body, [], model) }),
    response,
  };
}

/** What a body holds: a field of a message, or, if that is `""`, the whole message. */
function content(message: string, fieldName: string, without: readonly string[], model: Model): Content {
  const field = model.messages[message]?.fields.find((candidate) => candidate.name === fieldName);
  const held = field?.cardinality === "singular" && field.type.kind === "message" ? field.type.name : undefined;
  if ((field === undefined ? message : held) === HTTP_BODY) return { kind: "bytes" };
  return field === undefined ? { kind: "message", name: message, without: new Set(without) } : { kind: "field", field };
}

function requestOnly(operations: readonly Operation[], model: Model): ReadonlySet<string> {
  const inRequests = reachedFrom(
    operations.flatMap(({ request }) => messagesIn(request)),
    model,
  );
  const inResponses = reachedFrom(
    operations.flatMap(({ response }) => messagesIn(response)),
    model,
  );
  return new Set([...inRequests].filter((name) => !inResponses.has(name)));
}

function messagesIn(body: Content | undefined): readonly string[] {
  if (body?.kind === "message") return [body.name];
  return body?.kind === "field" && body.field.type.kind === "message" ? [body.field.type.name] : [];
}
