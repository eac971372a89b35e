import { strict as assert } from "node:assert";
import {
  type DescEnum,
  type DescExtension,
  type DescField,
  type DescFile,
  type DescMessage,
  type DescMethod,
  type FileRegistry,
  getExtension,
  hasExtension,
  isMessage,
  type Message,
  ScalarType,
} from "@bufbuild/protobuf";
import { isReflectList, isReflectMessage, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";

/**
 * An API as readable text: a block for each file, extension, enum, message and RPC, with names, numbers, types, HTTP
 * bindings and the etcd version that added it. Blocks are sorted; fields and values stay in declaration order.
 */
export function apiText(registry: FileRegistry, files: readonly DescFile[]): string {
  const option = (options: Message | undefined, name: string): unknown => {
    const extension = registry.getExtension(name);
    assert(extension, `the option ${name} is not declared`);
    return options && hasExtension(options, extension) ? getExtension(options, extension) : undefined;
  };
  const since = (options: Message | undefined, kind: "msg" | "field" | "enum" | "enum_value"): string => {
    const version = option(options, `versionpb.etcd_version_${kind}`);
    return version === undefined ? "" : ` since ${version}`;
  };

  const enumText = (type: DescEnum): string =>
    [
      `enum ${type.typeName}${since(type.proto.options, "enum")}`,
      ...type.values.map((value) => `  ${value.number} ${value.name}${since(value.proto.options, "enum_value")}`),
    ].join("\n");
  const fieldText = (field: DescField): string => {
    const json = field.jsonName === field.name ? "" : ` json ${field.jsonName}`;
    const oneof = field.oneof ? ` oneof ${field.oneof.name}` : "";
    return `  ${field.number} ${typeText(field)} ${field.name}${json}${oneof}${since(field.proto.options, "field")}`;
  };
  const messageText = (type: DescMessage): string =>
    [`message ${type.typeName}${since(type.proto.options, "msg")}`, ...type.fields.map(fieldText)].join("\n");
  const methodText = (method: DescMethod): string => {
    const input = `${method.proto.clientStreaming ? "stream " : ""}${method.input.typeName}`;
    const output = `${method.proto.serverStreaming ? "stream " : ""}${method.output.typeName}`;
    const rule = option(method.proto.options, "google.api.http");
    const bindings = rule === undefined ? [] : bindingTexts(reflectRule(registry, rule));
    return `rpc ${method.parent.typeName}.${method.name}(${input}) returns (${output})${bindings.join(",")}`;
  };

  return files
    .flatMap((file) => [
      fileText(file),
      ...file.extensions.map(extensionText),
      ...file.enums.map(enumText),
      ...file.messages.flatMap(withNested).flatMap((type) => [messageText(type), ...type.nestedEnums.map(enumText)]),
      ...file.services.flatMap((service) => service.methods.map(methodText)),
    ])
    .sort()
    .map((block) => `${block}\n`)
    .join("");
}

function fileText({ proto }: DescFile): string {
  return `file ${proto.name} package ${proto.package} ${proto.syntax} ${proto.options?.goPackage}`;
}

function extensionText(extension: DescExtension): string {
  return `extend ${extension.extendee.typeName} ${extension.number} ${typeText(extension)} ${extension.typeName}`;
}

/** The message and the messages declared in it. */
function withNested(type: DescMessage): DescMessage[] {
  return [type, ...type.nestedMessages.flatMap(withNested)];
}

function typeText(field: DescField | DescExtension): string {
  const scalar = field.scalar === undefined ? undefined : ScalarType[field.scalar]?.toLowerCase();
  const type = field.message?.typeName ?? field.enum?.typeName ?? scalar;
  return field.fieldKind === "list" ? `repeated ${type}` : `${type}`;
}

function reflectRule(registry: FileRegistry, rule: unknown): ReflectMessage {
  const type = registry.getMessage("google.api.HttpRule");
  assert(type && isMessage(rule, type));
  return reflect(type, rule);
}

/** ` POST /v3/kv/range *` for the rule itself and for each of its additional bindings. */
function bindingTexts(rule: ReflectMessage): string[] {
  const value = (name: string): unknown => {
    const field = rule.fields.find((candidate) => candidate.name === name);
    assert(field, `HttpRule has no field ${name}`);
    return rule.get(field);
  };
  const [pattern] = rule.oneofs.map((oneof) => rule.oneofCase(oneof));
  assert(pattern, "a rule has no path");
  const additional = value("additional_bindings");
  assert(isReflectList(additional));
  return [
    ` ${pattern.name.toUpperCase()} ${rule.get(pattern)} ${value("body")}`,
    ...[...additional].filter((item) => isReflectMessage(item)).flatMap(bindingTexts),
  ];
}
