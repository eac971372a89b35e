import type { DescEnum, DescExtension, DescFile, DescMessage } from "@bufbuild/protobuf";

/** A declaration that can have a comment. */
export interface ProtoSymbol {
  /** The full name, such as `etcdserverpb.KV.Range`. For a file, it is the import path. */
  readonly name: string;
  /** The path in the file's descriptor, as in google.protobuf.SourceCodeInfo.Location. */
  readonly path: readonly number[];
}

// Field numbers in google/protobuf/descriptor.proto.
const FILE = { messages: 4, enums: 5, services: 6, extensions: 7, syntax: 12 } as const;
const MESSAGE = { fields: 2, messages: 3, enums: 4, extensions: 6, oneofs: 8 } as const;
const ENUM_VALUES = 2;
const SERVICE_METHODS = 2;

/**
 * Returns the file itself and everything that it declares: services, RPCs, messages, fields, oneofs, enums, values and
 * extensions.
 */
export function symbolsOf(file: DescFile): ProtoSymbol[] {
  return [
    // The comment of a file is above its syntax statement.
    { name: file.proto.name, path: [FILE.syntax] },
    ...file.services.flatMap((service, index) => {
      const path = [FILE.services, index];
      const rpcs = service.methods.map(({ name }, method) => ({
        name: `${service.typeName}.${name}`,
        path: [...path, SERVICE_METHODS, method],
      }));
      return [{ name: service.typeName, path }, ...rpcs];
    }),
    ...extensionsOf(file.extensions, [FILE.extensions]),
    ...file.messages.flatMap((message, index) => messageSymbols(message, [FILE.messages, index])),
    ...file.enums.flatMap((type, index) => enumSymbols(type, [FILE.enums, index])),
  ];
}

/**
 * Returns the symbols of a message. It searches for the indices, because the descriptor's lists also contain elements
 * that the compiler added: the entries of maps and the oneofs of optional fields.
 */
function messageSymbols(message: DescMessage, path: readonly number[]): ProtoSymbol[] {
  const { typeName, proto } = message;
  return [
    { name: typeName, path },
    ...message.nestedEnums.flatMap((type, index) => enumSymbols(type, [...path, MESSAGE.enums, index])),
    ...message.oneofs.map((oneof) => ({
      name: `${typeName}.${oneof.name}`,
      path: [...path, MESSAGE.oneofs, proto.oneofDecl.indexOf(oneof.proto)],
    })),
    ...message.fields.map((field) => ({
      name: `${typeName}.${field.name}`,
      path: [...path, MESSAGE.fields, proto.field.indexOf(field.proto)],
    })),
    ...message.nestedMessages.flatMap((nested) =>
      messageSymbols(nested, [...path, MESSAGE.messages, proto.nestedType.indexOf(nested.proto)]),
    ),
    ...extensionsOf(message.nestedExtensions, [...path, MESSAGE.extensions]),
  ];
}

function enumSymbols(type: DescEnum, path: readonly number[]): ProtoSymbol[] {
  const values = type.values.map((value, index) => ({
    name: `${type.typeName}.${value.name}`,
    path: [...path, ENUM_VALUES, index],
  }));
  return [{ name: type.typeName, path }, ...values];
}

function extensionsOf(extensions: readonly DescExtension[], path: readonly number[]): ProtoSymbol[] {
  return extensions.map((extension, index) => ({ name: extension.typeName, path: [...path, index] }));
}
