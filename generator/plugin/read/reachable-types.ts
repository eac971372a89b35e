import type { DescEnum, DescExtension, DescFile, DescMessage } from "@bufbuild/protobuf";
import { enumsOf, messagesOf } from "./file.js";

/** Message and enum types by their full names. */
export interface ReachableTypes {
  readonly messages: ReadonlyMap<string, DescMessage>;
  readonly enums: ReadonlyMap<string, DescEnum>;
}

/** The types that files declare, and all that these, what extends them, and the files' rpcs lead to. */
export function reachableTypes(
  files: readonly DescFile[],
  extensions: ReadonlyMap<string, readonly DescExtension[]>,
): ReachableTypes {
  const messages = new Map<string, DescMessage>();
  const enums = new Map<string, DescEnum>();
  const open: DescMessage[] = [];

  const reach = (message: DescMessage): void => {
    if (messages.has(message.typeName)) return;
    messages.set(message.typeName, message);
    open.push(message);
  };

  for (const file of files) {
    for (const message of messagesOf(file.messages)) reach(message);
    for (const desc of enumsOf(file)) enums.set(desc.typeName, desc);
    for (const method of file.services.flatMap((service) => service.methods)) {
      reach(method.input);
      reach(method.output);
    }
  }
  // A list of work rather than recursion: a chain of messages can be longer than the call stack.
  for (let message = open.shift(); message !== undefined; message = open.shift()) {
    for (const field of [...message.fields, ...(extensions.get(message.typeName) ?? [])]) {
      if (field.message !== undefined) reach(field.message);
      if (field.enum !== undefined) enums.set(field.enum.typeName, field.enum);
    }
  }
  return { messages, enums };
}
