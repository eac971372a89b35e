import type { DescEnum, DescExtension, DescFile, DescMessage, DescService } from "@bufbuild/protobuf";
import { enumsOf, messagesOf } from "./file.js";

/** Message and enum types by their full names. */
export interface ReachableTypes {
  readonly messages: ReadonlyMap<string, DescMessage>;
  readonly enums: ReadonlyMap<string, DescEnum>;
}

/** The types that files declare, and all that these, what extends them, and the rpcs to serve lead to. */
export function reachableTypes(
  files: readonly DescFile[],
  extensions: ReadonlyMap<string, readonly DescExtension[]>,
  isServed: (service: DescService) => boolean,
): ReachableTypes {
  const messages = new Map<string, DescMessage>();
  const enums = new Map<string, DescEnum>();
  const reach = (message: DescMessage): void => {
    if (!messages.has(message.typeName)) messages.set(message.typeName, message);
  };

  for (const file of files) {
    for (const message of messagesOf(file.messages)) reach(message);
    for (const desc of enumsOf(file)) enums.set(desc.typeName, desc);
    for (const method of file.services.filter(isServed).flatMap((service) => service.methods)) {
      reach(method.input);
      reach(method.output);
    }
  }
  // The iteration goes on to what is added meanwhile. No recursion: a chain of messages can be longer than the call stack.
  for (const message of messages.values()) {
    for (const field of [...message.fields, ...(extensions.get(message.typeName) ?? [])]) {
      if (field.message !== undefined) reach(field.message);
      if (field.enum !== undefined) enums.set(field.enum.typeName, field.enum);
    }
  }
  return { messages, enums };
}
