import type { DescEnum, DescFile, DescMessage } from "@bufbuild/protobuf";
import type { FileModel } from "../../model/model.js";
import { readDocumentDocs } from "../options/documentation-options.js";
import type { ReadContext } from "../read-context.js";
import { lowerCamelNames, mapEntryNames } from "./local-name.js";
import { readService } from "./service.js";

/** Reads a file to generate. */
export function readFile(file: DescFile, context: ReadContext): FileModel {
  const docs = readDocumentDocs(context.annotations.of(file));
  const messages = messagesOf(file.messages);
  const constNames = lowerCamelNames(file.services.map((service) => service.name));
  return {
    path: file.proto.name,
    package: file.proto.package,
    messages: messages.map((message) => message.typeName),
    enums: enumsOf(file).map((desc) => desc.typeName),
    otherTypes: messages.flatMap((message) => mapEntryNames(message, context.options)),
    services: file.services.flatMap((service, index) =>
      context.isServed(service) ? [readService(service, constNames[index] ?? "", context)] : [],
    ),
    otherServices: file.services.filter((service) => !context.isServed(service)).map((service) => service.name),
    ...(docs === undefined ? {} : { docs }),
  };
}

/** Lists messages and all messages nested in them. Nested messages follow the one that contains them. */
export function messagesOf(messages: readonly DescMessage[]): readonly DescMessage[] {
  return messages.flatMap((message) => [message, ...messagesOf(message.nestedMessages)]);
}

/** Lists the enums of a file, including nested ones. */
export function enumsOf(file: DescFile): readonly DescEnum[] {
  return [...file.enums, ...messagesOf(file.messages).flatMap((message) => message.nestedEnums)];
}
