import type { DescExtension, DescFile } from "@bufbuild/protobuf";
import { messagesOf } from "./file.js";

/** The extensions that files declare, by the full name of the message they extend, in the order of their numbers. */
export function extensionsByMessage(files: readonly DescFile[]): ReadonlyMap<string, readonly DescExtension[]> {
  const found = new Map<string, DescExtension[]>();
  for (const file of files) {
    const nested = messagesOf(file.messages).flatMap((message) => message.nestedExtensions);
    for (const extension of [...file.extensions, ...nested]) {
      const { extendee } = extension;
      // A message set has a wire format of its own; what extends it is unknown to JSON.
      if (extendee.proto.options?.messageSetWireFormat === true) continue;
      found.set(extendee.typeName, [...(found.get(extendee.typeName) ?? []), extension]);
    }
  }
  for (const extensions of found.values()) extensions.sort((a, b) => a.number - b.number);
  return found;
}
