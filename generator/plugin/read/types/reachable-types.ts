import type { DescEnum, DescExtension, DescFile, DescMessage, DescService } from "@bufbuild/protobuf";
import { enumsOf, messagesOf } from "./file.js";

/** Message and enum types by their full names. */
export interface ReachableTypes {
  readonly messages: ReadonlyMap<string, DescMessage>;
  readonly enums: ReadonlyMap<string, DescEnum>;
}

/**
 * Finds the types that files declare, and all types that these, their extensions and the RPCs to serve refer to,
 * directly or indirectly.
 */
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
  // The iteration also visits messages that are added meanwhile. Recursion could overflow the call stack on a long
  // chain of messages.
  for (const message of messages.values()) {
    for (const field of [...message.fields, ...(extensions.get(message.typeName) ?? [])]) {
      if (field.message !== undefined) reach(field.message);
      if (field.enum !== undefined) enums.set(field.enum.typeName, field.enum);
    }
  }
  return { messages, enums };
}
