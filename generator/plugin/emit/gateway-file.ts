import { messageOf } from "../model/lookup.js";
import type { BindingModel, FileModel, Model, RpcModel, ServiceModel } from "../model/model.js";
import type { PluginOptions } from "../plugin-options.js";
import { callFunction, callKind } from "./call-kind.js";
import { importCodec } from "./import-codec.js";
import { messagesModule, RUNTIME, stem } from "./output-path.js";
import { rpcDoc, serviceDoc } from "./rpc-doc.js";
import { serviceConst } from "./service-const.js";
import { docComment } from "./source/doc-comment.js";
import {
  array,
  callExpression,
  type Expression,
  object,
  type Property,
  print,
  propertyAccess,
  propertyName,
  string,
} from "./source/expression.js";
import type { GeneratedFile } from "./source/generated-file.js";
import { LINE_WIDTH } from "./source/line-width.js";
import { SourceFile } from "./source/source-file.js";
import { typeMember } from "./source/type-member.js";

/**
 * Emits the file with the services of a proto file: their RPCs and HTTP bindings. Returns `undefined` if the proto file
 * has no services.
 */
export function emitGatewayFile(model: Model, file: FileModel, options: PluginOptions): GeneratedFile | undefined {
  if (file.services.length === 0) return undefined;
  const names = file.services.map(serviceConst);
  const source = new SourceFile(`${stem(file.path)}.gateway.ts`, [file.path], names, options);
  for (const service of file.services) new ServiceEmitter(model, file, source, options).emit(service);
  return source.build();
}

class ServiceEmitter {
  readonly #model: Model;
  readonly #file: FileModel;
  readonly #source: SourceFile;
  readonly #options: PluginOptions;

  constructor(model: Model, file: FileModel, source: SourceFile, options: PluginOptions) {
    this.#model = model;
    this.#file = file;
    this.#source = source;
    this.#options = options;
  }

  emit(service: ServiceModel): void {
    const definition = this.#options.definitions === "ts-proto" ? this.#importDefinition(service) : undefined;
    const value = object(
      {
        name: string(service.name),
        json: requestJson(this.#options),
        rpcs: {
          kind: "object",
          expanded: true,
          properties: service.rpcs.map((rpc) => this.#rpc(service, rpc, definition)),
        },
      },
      { expanded: true },
    );
    const doc = docComment(serviceDoc(service), 0);
    const declaration = definition === undefined ? this.#ownTypes(service) : this.#typesOf(service, definition);
    this.#source.add(`${doc}\n${declaration}${print(value, 0, 0, 1)};`);
  }

  /** Imports ts-proto's definition of the service. If it has no RPCs, only the type of the definition is needed. */
  #importDefinition({ localName, rpcs }: ServiceModel): string {
    const name = `${localName}Service`;
    const module = messagesModule(this.#file.path, this.#options);
    return rpcs.length > 0 ? this.#source.import(name, module) : this.#source.importType(name, module);
  }

  /** Writes the beginning of a service's const. Its type lists the request and response types of the RPCs. */
  #ownTypes(service: ServiceModel): string {
    const begin = `export const ${serviceConst(service)}: ${this.#source.importType("ServiceOf", RUNTIME)}`;
    if (service.rpcs.length === 0) return `${begin}<Record<never, never>> = `;
    const members = service.rpcs.map((rpc) => {
      const type = this.#source.importType(`${callKind(rpc)}Method`, RUNTIME);
      const args = [rpc.input, rpc.output].map((name) => this.#importMessage(name));
      return `${docComment(rpcDoc(service, rpc), 2)}\n${typeMember(rpc.localName, type, args)}`;
    });
    return `${begin}<{\n${members.join("\n")}\n}> = `;
  }

  /** Imports ts-proto's type of a message, and the object of the same name that encodes and decodes it. */
  #importMessage(name: string): string {
    const { localName, file } = messageOf(this.#model, name);
    return this.#source.import(localName, messagesModule(file, this.#options));
  }

  /** Writes the beginning of a service's const, with a type derived from ts-proto's definition. */
  #typesOf(service: ServiceModel, definition: string): string {
    const type = this.#source.importType("ServiceOf", RUNTIME);
    const begin = `export const ${serviceConst(service)}: ${type}<`;
    if (service.deprecated && service.rpcs.length > 0) return `${begin}{\n${markedTypes(service, definition)}\n}> = `;
    const line = `${begin}typeof ${definition}> = `;
    return `${line}{`.length <= LINE_WIDTH ? line : `${begin}\n  typeof ${definition}\n> = `;
  }

  #method(rpc: RpcModel, definition: string | undefined): string {
    if (definition !== undefined) return propertyAccess(definition, rpc.localName);
    const make = this.#source.import(`${callFunction(rpc)}Method`, RUNTIME);
    const args = [string(rpc.path), this.#importMessage(rpc.input), this.#importMessage(rpc.output)];
    return callExpression(make, args, 6, "      method: ".length);
  }

  #rpc(service: ServiceModel, rpc: RpcModel, definition: string | undefined): Property {
    const value = object(
      {
        name: string(rpc.name),
        method: this.#method(rpc, definition),
        request: importCodec(this.#model, rpc.input, this.#source),
        response: importCodec(this.#model, rpc.output, this.#source),
        bindings: array(rpc.bindings.map(bindingExpression)),
      },
      { expanded: true },
    );
    // With ts-proto's definition, editors show its comments. Without it, they show those of the type in `#ownTypes`.
    return { name: rpc.localName, value, doc: definition === undefined ? "" : rpcDoc(service, rpc) };
  }
}

/**
 * The RPC types of a deprecated service, with `@deprecated` marks for editors. ts-proto's definitions do not have these
 * marks.
 */
function markedTypes(service: ServiceModel, definition: string): string {
  const members = service.rpcs.map((rpc) => {
    const type = `(typeof ${definition})[${string(rpc.localName)}]`;
    return `${docComment(rpcDoc(service, rpc), 2)}\n  ${propertyName(rpc.localName)}: ${type};`;
  });
  return members.join("\n");
}

/** The options of how request JSON is read, or `undefined` if all have their defaults. */
function requestJson({ unknownFields, unknownEnumNumbers }: PluginOptions): Expression | undefined {
  if (unknownFields === "ignore" && unknownEnumNumbers === "accept") return undefined;
  return object({
    unknownFields: unknownFields === "reject" ? string("reject") : undefined,
    unknownEnumNumbers: unknownEnumNumbers === "reject" ? string("reject") : undefined,
  });
}

function bindingExpression({ method, template, path, body, responseBody }: BindingModel): Expression {
  return object({
    method: string(method),
    template: string(template),
    ...templateExpressions(template, path),
    body: body === "" ? undefined : string(body),
    responseBody: responseBody === "" ? undefined : string(responseBody),
  });
}

/** The parts of a parsed template that its text does not show. Empty if the template is a literal path. */
function templateExpressions(template: string, path: BindingModel["path"]): Record<string, Expression | undefined> {
  const { segments, variables, verb } = path;
  const literal = segments.every((segment) => segment.kind === "literal");
  if (literal && template === `/${segments.map((segment) => segment.text).join("/")}`) return {};
  return {
    segments: array(
      segments.map((segment) =>
        segment.kind === "literal" ? string(segment.text) : object({ wildcard: string(segment.kind) }),
      ),
    ),
    variables:
      variables.length === 0
        ? undefined
        : array(
            variables.map(({ field, start, end }) =>
              object({ field: array(field.map(string)), start: String(start), end: String(end) }),
            ),
          ),
    verb: verb === "" ? undefined : string(verb),
  };
}
