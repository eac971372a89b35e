import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EnumValue, Field } from "../../../generator/proto-update/changes/api.js";
import { type FileFacts, lastOf, parentOf, type RpcFacts, type Since } from "./api-facts.js";

/**
 * Writes an etcd source tree with the API of the facts, in the layout of that version, and with everything that real trees
 * have besides: options of other tools in every place that proto allows, comments of every kind, odd white space.
 */
export function writeTree(folder: string, facts: readonly FileFacts[]): void {
  const notOfTheApi = ["raft/raftpb/raft.proto", "api/etcdserverpb/raft_internal.proto", "go.mod"];
  for (const path of notOfTheApi) {
    write(folder, path, "This is not read.");
  }
  for (const file of facts) {
    write(folder, file.path, protoText(file));
  }
}

function write(folder: string, path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function protoText(file: FileFacts): string {
  const writer = new ProtoWriter(file);
  return `${writer.lines().join("\n")}\n`;
}

/** Writes one file. What real trees have besides the API comes at every second, third, ... element: the same at each run. */
class ProtoWriter {
  readonly #file: FileFacts;
  readonly #gogo: boolean;
  readonly #openapi: boolean;
  #turn = 0;

  constructor(file: FileFacts) {
    this.#file = file;
    this.#gogo = file.imports.some((path) => path.startsWith("gogoproto/"));
    this.#openapi = file.imports.some((path) => path.startsWith("protoc-gen-openapiv2/"));
  }

  lines(): string[] {
    const { package: name, imports, goPackage, options, services, extensions, messages, enums } = this.#file;
    return [
      "// A comment on the file,",
      "// of two lines.",
      "",
      'syntax = "proto3";',
      `package ${name};`,
      "",
      ...imports.flatMap((path) => [
        ...(path.startsWith("google/api") ? ["// for grpc-gateway"] : []),
        `import "${path}";`,
      ]),
      "",
      ...(goPackage === undefined ? [] : [`option go_package = "${goPackage}";`, ""]),
      ...[...options].map(([option, value]) => `option (${option}) = ${value === "{}" ? SWAGGER : value};`),
      ...[...services].flatMap(([service, rpcs]) => this.#service(service, rpcs)),
      ...[...extensions].flatMap(([extension, { number, type, extendee }]) => [
        "",
        `extend ${extendee} {`,
        ...this.#comment(extension),
        `  optional ${type} ${lastOf(extension)} = ${number}${this.#options([])};`,
        "}",
      ]),
      ...[...messages.keys()].filter((each) => parentOf(each) === name).flatMap((each) => this.#message(each)),
      ...[...enums.keys()].filter((each) => parentOf(each) === name).flatMap((each) => ["", ...this.#enum(each)]),
    ];
  }

  #service(name: string, rpcs: readonly RpcFacts[]): string[] {
    return [
      "",
      ...this.#comment(name),
      `service ${lastOf(name)} {`,
      ...indent(rpcs.flatMap((rpc) => this.#rpc(rpc))),
      "}",
    ];
  }

  #rpc(rpc: RpcFacts): string[] {
    const [request, response] = [rpc.request, rpc.response].map(
      ({ stream, type }) => `${stream ? "stream " : ""}${this.#relative(type)}`,
    );
    const head = `rpc ${lastOf(rpc.name)}(${request}) returns (${response})`;
    if (rpc.routes.length === 0) {
      return [...this.#comment(rpc.name), `${head} {}`];
    }
    const [main, ...more] = rpc.routes.map((route) => `post: "${route.replace("POST ", "")}"\n        body: "*"`);
    const additional = more.map((route) => `\n        additional_bindings {\n        ${route}\n      }`);
    return [
      ...this.#comment(rpc.name),
      `${head} {`,
      `      option (google.api.http) = {\n        ${main}${additional.join("")}\n    };`,
      ...(this.#openapi && this.#isTurn(3) ? [OPERATION] : []),
      "  }",
      ...(this.#isTurn(4) ? ["", "// rpc Commented(RangeRequest) returns (RangeResponse) {}", ""] : []),
    ];
  }

  #message(name: string): string[] {
    const message = this.#file.messages.get(name);
    const nested = [...this.#file.enums.keys()].filter((each) => parentOf(each) === name);
    return [
      "",
      ...this.#comment(name),
      `message ${lastOf(name)} {`,
      ...indent([
        ...this.#sinceOption("msg", message?.since),
        ...(this.#gogo && this.#isTurn(2) ? ["option (gogoproto.goproto_getters) = false;"] : []),
        ...nested.flatMap((each) => this.#enum(each)),
        ...this.#fields(name, message?.fields ?? []),
        ...(this.#isTurn(5) ? ["reserved 900 to 910, 1000;", 'reserved "gone", "and_this";'] : []),
        ...(this.#isTurn(5) ? ["// bytes commented_out = 99 [(gogoproto.nullable) = false];"] : []),
      ]),
      "}",
    ];
  }

  #fields(message: string, fields: readonly (Field & Since)[]): string[] {
    return fields.flatMap((field, index) => {
      const line = this.#field(`${message}.${field.name}`, field);
      const opens = field.oneof !== "" && fields[index - 1]?.oneof !== field.oneof;
      const closes = field.oneof !== "" && fields[index + 1]?.oneof !== field.oneof;
      return [
        ...(opens ? [`oneof ${field.oneof} {`] : []),
        ...(field.oneof === "" ? line : indent(line)),
        ...(closes ? ["}"] : []),
      ];
    });
  }

  #field(name: string, { name: short, number, type, since }: Field & Since): string[] {
    const kept = since === undefined ? [] : [`(versionpb.etcd_version_field)="${since}"`];
    const written = type.replace(/[\w.]+$/, (each) => this.#relative(each));
    const [equals, end] = this.#isTurn(7) ? ["=", " ;"] : [" = ", ";"];
    return [
      ...this.#comment(name),
      `${written}${this.#isTurn(6) ? "   " : " "}${short}${equals}${number}${this.#options(kept)}${end}`,
    ];
  }

  #enum(name: string): string[] {
    const type = this.#file.enums.get(name);
    return [
      ...this.#comment(name),
      `enum ${lastOf(name)} {`,
      ...(this.#gogo ? ["\toption (gogoproto.goproto_enum_prefix) = true;"] : []),
      ...indent(this.#sinceOption("enum", type?.since)),
      ...indent((type?.values ?? []).flatMap((value) => this.#value(`${name}.${value.name}`, value))),
      "}",
    ];
  }

  #value(name: string, { name: short, number, since }: EnumValue & Since): string[] {
    const kept = since === undefined ? [] : [`(versionpb.etcd_version_enum_value) = "${since}"`];
    return [...this.#comment(name), `${short} = ${number}${this.#options(kept)};`];
  }

  #sinceOption(kind: string, since: string | undefined): string[] {
    return since === undefined ? [] : [`option (versionpb.etcd_version_${kind}) = "${since}";`];
  }

  /** What is kept, and in turn something of other tools: nothing, one or several options, before or after it. */
  #options(kept: readonly string[]): string {
    const shapes: readonly ((list: readonly string[]) => string)[] = [
      (list) => (list.length === 0 ? "" : ` [${list.join(", ")}]`),
      (list) => ` [${["(gogoproto.nullable) = false", ...list].join(", ")}]`,
      (list) =>
        ` [\n    ${[...list, '(gogoproto.customname) = "A],B"', "(gogoproto.x).y = {a: [1, 2]}"].join(",\n    ")}\n  ]`,
      (list) => `[ ${['(gogoproto.casttype) = "x"', ...list, "(.gogoproto.nullable)=false"].join(" , ")} ]`,
      (list) => ` // aside\n    [${[...list, "(gogoproto.nullable) = false /* not nil */"].join(", ")}]`,
    ];
    this.#turn += 1;
    const shape = this.#gogo ? shapes[this.#turn % shapes.length] : shapes[0];
    return shape?.(kept) ?? "";
  }

  #comment(name: string): string[] {
    const text = `${name} as the fixture has it.`;
    return this.#isTurn(4) ? [`/* ${text} */`] : [`// ${text}`];
  }

  #isTurn(every: number): boolean {
    this.#turn += 1;
    return this.#turn % every === 0;
  }

  /** Types of the own package are written without it, as etcd does. */
  #relative(type: string): string {
    return type.replace(`${this.#file.package}.`, "");
  }
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? "" : `  ${line}`));
}

const SWAGGER = `{
  security_definitions: {
    security: {
      key: "ApiKey";
      value: { type: TYPE_API_KEY; name: "Authorization }"; in: IN_HEADER } // how
    }
  }
  security: [ { security_requirement: { key: "ApiKey"; value: {} } } ]
}`;

const OPERATION = `    option (grpc.gateway.protoc_gen_openapiv2.options.openapiv2_operation) = {
      summary: "It's; {a} \\"summary\\""
      tags: ["a", 'b']
    };`;
