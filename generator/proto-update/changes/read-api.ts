import {
  type DescEnum,
  type DescExtension,
  type DescField,
  type DescFile,
  type DescMessage,
  type DescMethod,
  type FileRegistry,
  ScalarType,
} from "@bufbuild/protobuf";
import { FieldDescriptorProto_Label } from "@bufbuild/protobuf/wkt";
import { annotatedRule, type HttpRule } from "../../plugin/read/rules/http-rule.js";
import type { Api, Enum, Extension, Field, Message, Rpc } from "./api.js";

/** Reads the API that the files of a folder of proto/ describe, such as `etcd/`. */
export function readApi(registry: FileRegistry, folder: string): Api {
  const files = new Set<string>();
  const services = new Map<string, string>();
  const rpcs = new Map<string, Rpc>();
  const messages = new Map<string, Message>();
  const enums = new Map<string, Enum>();
  const extensions = new Map<string, Extension>();

  const readEnum = (desc: DescEnum): void => {
    const values = desc.values.map(({ name, number }) => ({ name, number }));
    enums.set(desc.typeName, { file: pathOf(desc.file), values });
  };
  const readExtension = (desc: DescExtension): void => {
    const { number, extendee } = desc;
    extensions.set(desc.typeName, { file: pathOf(desc.file), number, type: typeOf(desc), extendee: extendee.typeName });
  };
  const readMessage = (desc: DescMessage): void => {
    messages.set(desc.typeName, { file: pathOf(desc.file), fields: desc.fields.map(readField) });
    desc.nestedMessages.forEach(readMessage);
    desc.nestedEnums.forEach(readEnum);
    desc.nestedExtensions.forEach(readExtension);
  };

  for (const file of registry.files) {
    if (!file.name.startsWith(folder)) {
      continue;
    }
    files.add(pathOf(file));
    file.messages.forEach(readMessage);
    file.enums.forEach(readEnum);
    file.extensions.forEach(readExtension);
    for (const service of file.services) {
      services.set(service.typeName, pathOf(file));
      for (const method of service.methods) {
        rpcs.set(`${service.typeName}.${method.name}`, readRpc(method, registry));
      }
    }
  }
  return { files, services, rpcs, messages, enums, extensions };
}

function readRpc(method: DescMethod, registry: FileRegistry): Rpc {
  const rule = annotatedRule(method, registry);
  return {
    service: method.parent.typeName,
    request: { stream: method.proto.clientStreaming, type: method.input.typeName },
    response: { stream: method.proto.serverStreaming, type: method.output.typeName },
    routes: rule ? [rule, ...rule.additionalBindings].flatMap(routeOf) : [],
  };
}

function routeOf(rule: HttpRule): string[] {
  if (!rule.pattern) {
    return [];
  }
  const { method, template } = rule.pattern;
  const hasBody = method !== "GET" && method !== "DELETE";
  const usual = rule.body === (hasBody ? "*" : "");
  const body = usual ? "" : ` (body: ${rule.body === "" ? "none" : rule.body})`;
  const response = rule.responseBody === "" ? "" : ` (response body: ${rule.responseBody})`;
  return [`${method} ${template}${body}${response}`];
}

function readField(field: DescField): Field {
  return { name: field.name, number: field.number, type: typeOf(field), oneof: field.oneof?.name ?? "" };
}

function typeOf(field: DescField | DescExtension): string {
  switch (field.fieldKind) {
    case "list":
      return `repeated ${elementType(field)}`;
    case "map":
      return `map<${scalarName(field.mapKey)}, ${elementType(field)}>`;
    default:
      return `${presence(field)}${elementType(field)}`;
  }
}

function elementType(field: DescField | DescExtension): string {
  return field.message?.typeName ?? field.enum?.typeName ?? (field.scalar ? scalarName(field.scalar) : "");
}

function scalarName(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase();
}

/** Returns the prefix with which proto marks the presence of a field, if it differs from the default of its file. */
function presence(field: DescField | DescExtension): string {
  if (field.proto.proto3Optional && field.kind === "field") {
    return "optional ";
  }
  return field.proto.label === FieldDescriptorProto_Label.REQUIRED ? "required " : "";
}

function pathOf(file: DescFile): string {
  return `${file.name}.proto`;
}
