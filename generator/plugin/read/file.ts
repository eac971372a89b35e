import type { DescEnum, DescFile, DescMessage } from "@bufbuild/protobuf";
import type { FileModel } from "../model/model.js";
import type { ReadContext } from "./read-context.js";
import { readService } from "./service.js";

/** Reads a file to generate. */
export function readFile(file: DescFile, context: ReadContext): FileModel {
  return {
    path: file.proto.name,
    package: file.proto.package,
    messages: messagesOf(file.messages).map((message) => message.typeName),
    enums: enumsOf(file).map((desc) => desc.typeName),
    services: file.services.filter(context.isServed).map((service) => readService(service, context)),
    otherServices: file.services.filter((service) => !context.isServed(service)).map((service) => service.name),
  };
}

/** Messages and those nested in them, each nested one after the message it is in. */
export function messagesOf(messages: readonly DescMessage[]): readonly DescMessage[] {
  return messages.flatMap((message) => [message, ...messagesOf(message.nestedMessages)]);
}

/** Enums of a file, nested ones included. */
export function enumsOf(file: DescFile): readonly DescEnum[] {
  return [...file.enums, ...messagesOf(file.messages).flatMap((message) => message.nestedEnums)];
}
