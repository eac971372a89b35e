import type { BindingModel, EnumModel, Model, RpcModel } from "../../model/model.js";
import { HTTP_BODY } from "../../model/well-known.js";
import type { PluginOptions } from "../../plugin-options.js";
import { callFunction, callKind } from "../call-kind.js";
import { CLIENT_RUNTIME, messagesModule } from "../output-path.js";
import { CLIENT, publicNames, type ServiceNames } from "../public-names.js";
import { rpcDoc, serviceDoc } from "../rpc-doc.js";
import { docComment, docText } from "../source/doc-comment.js";
import { array, type Expression, object, print, propertyName, string } from "../source/expression.js";
import type { GeneratedFile } from "../source/generated-file.js";
import { LINE_WIDTH } from "../source/line-width.js";
import { SourceFile } from "../source/source-file.js";
import { typeMember } from "../source/type-member.js";
import { type ClientModel, clientModel } from "./client-model.js";
import { FreeNames } from "./free-names.js";
import { type ClientNames, MessageTables } from "./message-table.js";
import { MessageTypes } from "./message-type.js";

/** Names that no import may use, because generated functions and types use them. */
const LOCALS = ["channel", "Text", "Omit"];

/**
 * Emits the file with an API's HTTP client: tables of the messages of its RPCs, and for each service a function that
 * makes a client. A bundler can drop the services that an app does not use.
 */
export function emitClientFile(model: Model, path: string, options: PluginOptions): GeneratedFile {
  const client = clientModel(model);
  const { exported, services } = publicNames(model, options);
  const types = new Map(exported.flatMap(({ proto, inClient }) => (proto === undefined ? [] : [[proto, inClient]])));
  const declared = new FreeNames([
    ...[...Object.values(CLIENT), ...services.flatMap(({ make, type }) => [make, type])],
    ...client.enums.map(({ name }) => types.get(name) ?? ""),
    ...LOCALS,
  ]);
  const tables = new Map(
    client.messages.map(({ name, localName }) => [name, declared.take(`${types.get(name) ?? localName}Fields`)]),
  );
  const protos = model.files.map((file) => file.path);
  const source = new SourceFile(path, protos, declared.all, options);
  new ClientFile(model, client, { types, tables }, source, options).emit(services);
  return source.build();
}

class ClientFile {
  readonly #client: ClientModel;
  readonly #names: ClientNames;
  readonly #source: SourceFile;
  readonly #options: PluginOptions;
  readonly #tables: MessageTables;
  readonly #types: MessageTypes;

  constructor(model: Model, client: ClientModel, names: ClientNames, source: SourceFile, options: PluginOptions) {
    this.#client = client;
    this.#names = names;
    this.#source = source;
    this.#options = options;
    this.#tables = new MessageTables(names, source);
    this.#types = new MessageTypes(model, client, source, options);
  }

  emit(services: readonly ServiceNames[]): void {
    for (const each of this.#client.enums) this.#source.add(this.#enum(each));
    for (const message of this.#client.messages) {
      const table = this.#names.tables.get(message.name) ?? "";
      const type = this.#types.ofTable(message);
      const fields = this.#source.importType("Fields", CLIENT_RUNTIME);
      this.#source.add(`const ${table}: ${fields}<${type}> = ${this.#tables.table(message)};`);
    }
    for (const { name, localName, file } of this.#client.messages) {
      const as = this.#names.types.get(name);
      if (as !== undefined) this.#source.exportName(localName, as, messagesModule(file, this.#options), true);
    }
    for (const each of services) {
      this.#source.add(this.#serviceType(each));
      this.#source.add(this.#serviceFunction(each));
    }
    this.#source.add(wholeType(services));
    this.#source.add(wholeFunction(services, this.#source.importType("Channel", CLIENT_RUNTIME)));
  }

  #enum({ name, comment, values }: EnumModel): string {
    const constant = this.#names.types.get(name) ?? "";
    const table: Expression = {
      kind: "object",
      expanded: true,
      properties: values.map((value) => ({ name: value.name, value: String(value.number), doc: value.comment })),
    };
    const doc = docComment(docText(comment, `The values of \`${name}\`.`, false), 0);
    const [left, right] = [`export type ${constant} =`, `(typeof ${constant})[keyof typeof ${constant}];`];
    const fits = left.length + 1 + right.length <= LINE_WIDTH;
    const type = fits ? `${left} ${right}` : `${left}\n  ${right}`;
    return `${doc}\nexport const ${constant} = ${print(table, 0, 0, 1)} as const;\n\n${type}`;
  }

  #serviceType({ service, type }: ServiceNames): string {
    const doc = docComment(serviceDoc(service), 0);
    const members = service.rpcs.map((rpc) => {
      const kind = this.#source.importType(`${callKind(rpc)}Call`, CLIENT_RUNTIME);
      const args = [this.#types.request(rpc.input), this.#types.response(rpc.output), "Text"];
      const member = typeMember(rpc.localName, kind, args, "readonly ");
      return `${docComment(rpcDoc(service, rpc), 2)}\n${member}`;
    });
    const parameter = service.rpcs.length === 0 ? "_Text extends boolean = false" : "Text extends boolean = false";
    return `${doc}\nexport interface ${type}<${parameter}> {\n${members.join("\n")}\n}`;
  }

  #serviceFunction({ service, make, type }: ServiceNames): string {
    const channel = this.#source.importType("Channel", CLIENT_RUNTIME);
    const doc = docComment(`Makes the client of \`${service.name}\`.`, 0);
    const members = service.rpcs.map((rpc) => `    ${propertyName(rpc.localName)}: ${this.#rpc(rpc)},\n`);
    const parameter = service.rpcs.length === 0 ? "_channel" : "channel";
    const body = members.length === 0 ? "{}" : `{\n${members.join("")}  }`;
    return `${doc}
export function ${make}<Text extends boolean>(${parameter}: ${channel}<Text>): ${type}<Text> {
  return ${body};
}`;
  }

  #rpc(rpc: RpcModel): string {
    const make = this.#source.import(callFunction(rpc), CLIENT_RUNTIME);
    const types = [this.#types.request(rpc.input), this.#types.response(rpc.output), "Text"];
    const bindings = this.#bindings(rpc);
    const args = (indent: number): readonly string[] => [
      "channel",
      string(rpc.name),
      print(bindings, indent, indent, 1),
      this.#tables.ofMessage(rpc.input),
      this.#tables.ofMessage(rpc.output),
      ...(rpc.noSideEffects ? ["{ idempotent: true }"] : []),
    ];
    const head = `${make}<${types.join(", ")}>(`;
    const line = `${head}${args(LINE_WIDTH).join(", ")})`;
    const fits = propertyName(rpc.localName).length + line.length + "    : ,".length <= LINE_WIDTH;
    if (fits && !line.includes("\n")) return line;
    return `${head}\n${args(6)
      .map((arg) => `      ${arg},\n`)
      .join("")}    )`;
  }

  /**
   * The bindings of an RPC as an argument. The client uses the first binding whose path it can fill, so bindings after
   * one without path variables are omitted. An RPC without bindings is called at its gRPC path.
   */
  #bindings({ bindings, path, input }: RpcModel): Expression {
    const always = bindings.findIndex((binding) => binding.path.variables.length === 0);
    const chosen = always < 0 ? bindings : bindings.slice(0, always + 1);
    const [only, ...others] = chosen.map((binding) => this.#binding(binding, input));
    if (only === undefined) {
      const literal = { segments: [], variables: [], verb: "" };
      return this.#binding({ method: "POST", template: path, path: literal, body: "*", responseBody: "" }, input);
    }
    return others.length === 0 ? only : array([only, ...others]);
  }

  /**
   * A binding with the function that binds messages by it. `byRule` handles any rule but is large, so it is imported
   * only where a rule needs it.
   */
  #binding({ method, template, body, responseBody, path }: BindingModel, input: string): Expression {
    const isWhole = method !== "*" && body === "*" && path.variables.length === 0 && input !== HTTP_BODY;
    return object({
      method: string(method),
      path: string(template),
      body: body === "" || isWhole ? undefined : string(body),
      responseBody: responseBody === "" ? undefined : string(responseBody),
      bind: this.#source.import(isWhole ? "byBody" : "byRule", CLIENT_RUNTIME),
    });
  }
}

function wholeType(services: readonly ServiceNames[]): string {
  const members = services.map(
    ({ service, property, type }) => `${docComment(serviceDoc(service), 2)}\n  readonly ${property}: ${type}<Text>;\n`,
  );
  const parameter = services.length === 0 ? "_Text" : "Text";
  return `/** A client of each service. */
export interface ${CLIENT.type}<${parameter} extends boolean = false> {
${members.join("")}}`;
}

function wholeFunction(services: readonly ServiceNames[], channel: string): string {
  const members = services.map(({ property, make }) => `    ${property}: ${make}(channel),\n`);
  const body = members.length === 0 ? "{}" : `{\n${members.join("")}  }`;
  return `/** Makes a client of each service. An app that needs few of them, and is to be small, makes those alone. */
export function ${CLIENT.make}<Text extends boolean>(${services.length === 0 ? "_channel" : "channel"}: ${channel}<Text>): ${CLIENT.type}<Text> {
  return ${body};
}`;
}
