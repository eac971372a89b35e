import type { BindingModel, FieldModel, Model, RpcModel, ServiceModel } from "../../../model/model.js";
import { HTTP_BODY } from "../../../model/well-known.js";
import type { JsonNames } from "../../../plugin-options.js";
import { EVENT_SOURCE_REQUEST } from "../notes.js";
import { joinParagraphs, summaryAndRest } from "../prose.js";
import { reachedFrom } from "../schemas.js";
import { type Tag, tagOf } from "../tag.js";
import type { DescriptionFormat, HttpMethod } from "./description-format.js";
import { OperationIds } from "./operation-ids.js";
import { type PathParameter, Paths } from "./operation-path.js";
import { type QueryParameter, queryParameters } from "./query-parameters.js";
import { cannotDescribe, type UndescribedRoute } from "./undescribed-route.js";

/** The content of a request or response body. */
export type Content =
  /** A message, without the fields that come from the path. */
  | { readonly kind: "message"; readonly name: string; readonly without: ReadonlySet<string> }
  | { readonly kind: "field"; readonly field: FieldModel }
  /** Bytes of any content type, from a `google.api.HttpBody`. */
  | { readonly kind: "bytes" };

/** One binding of an RPC, in the terms of API descriptions. */
export interface Operation {
  readonly id: string;
  readonly tags: readonly string[];
  readonly rpc: RpcModel;
  /** The first sentence of the RPC's comment. The description is the rest. */
  readonly summary: string;
  readonly description: string;
  /** Whether the RPC or its service is deprecated. */
  readonly deprecated: boolean;
  readonly method: HttpMethod;
  readonly path: string;
  readonly pathParameters: readonly PathParameter[];
  readonly queryParameters: readonly QueryParameter[];
  /** Absent for a binding without a body. */
  readonly request?: Content;
  readonly response: Content;
  /** Set if the operation is the `GET` of a stream that a browser's `EventSource` sends. */
  readonly eventSource?: true;
}

/** The contents of an API description. */
export interface Operations {
  readonly tags: readonly Tag[];
  readonly operations: readonly Operation[];
  readonly undescribed: readonly UndescribedRoute[];
  /** The messages that occur only in requests. */
  readonly requestOnly: ReadonlySet<string>;
}

/** Returns each binding of the model as an operation, in the order of the model. */
export function operationsOf(model: Model, format: DescriptionFormat, names: JsonNames): Operations {
  const services = model.files.flatMap((file) => file.services);
  const tags: Tag[] = [];
  const operations: Operation[] = [];
  const undescribed: UndescribedRoute[] = [];
  const paths = new Paths();
  const ids = new OperationIds(services);

  for (const service of services) {
    const tag = tagOf(service, services);
    const before = operations.length;
    for (const rpc of service.rpcs) {
      for (const [index, binding] of rpc.bindings.entries()) {
        const method = format.methods.find((known) => known.toUpperCase() === binding.method);
        const path = method === undefined ? undefined : paths.reserve(binding, method);
        if (method === undefined || path === undefined) {
          undescribed.push(cannotDescribe(rpc, binding, method !== undefined, format));
          continue;
        }
        const id = ids.of(binding, index, rpc.docs?.operationId);
        const content = contents(rpc, binding, model, names);
        operations.push({ id, ...documentation(rpc, service, tag.name), method, ...path, ...content });
      }
    }
    if (operations.length > before) tags.push(tag);
  }
  const sources = format.eventSources
    ? operations.flatMap((stream) => eventSourceOf(stream, paths, ids, model, names))
    : [];
  return { tags, operations: [...operations, ...sources], undescribed, requestOnly: requestOnly(operations, model) };
}

/** What an operation says of its RPC: the RPC's comment, unless an option of the RPC says something else. */
function documentation(
  rpc: RpcModel,
  service: ServiceModel,
  tag: string,
): Pick<Operation, "tags" | "rpc" | "summary" | "description" | "deprecated"> {
  const { summary, rest } = summaryAndRest(rpc.comment);
  const name = rpc.name.slice(service.name.length + 1);
  return {
    tags: rpc.docs?.tags ?? [tag],
    rpc,
    summary: rpc.docs?.summary ?? (summary === "" ? name : summary),
    description: rpc.docs?.description ?? rest,
    deprecated: rpc.deprecated || service.deprecated || rpc.docs?.deprecated === true,
  };
}

/** The additional `GET` operation of a stream, with the request in its query. Empty if the path has a `GET` already. */
function eventSourceOf(
  stream: Operation,
  paths: Paths,
  ids: OperationIds,
  model: Model,
  names: JsonNames,
): readonly Operation[] {
  const { request: _body, ...rest } = stream;
  const { rpc, pathParameters, path } = stream;
  if (!rpc.serverStreaming || stream.response.kind === "bytes" || !paths.take(path, "get")) return [];
  const bound = new Set(pathParameters.flatMap(({ field }) => (field === undefined ? [] : [field.join(".")])));
  return [
    {
      ...rest,
      id: ids.take(`${stream.id}_get`),
      method: "get",
      description: joinParagraphs(stream.description, EVENT_SOURCE_REQUEST),
      queryParameters: queryParameters(rpc.input, bound, model, names),
      eventSource: true,
    },
  ];
}

function contents(
  rpc: RpcModel,
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

/** The content of a body: a field of a message, or the whole message if the field name is `""`. */
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
