import type { DescExtension, DescFile } from "@bufbuild/protobuf";
import { messagesOf } from "./file.js";

/** Groups the extensions in files by the full name of the message that they extend, ordered by their numbers. */
export function extensionsByMessage(files: readonly DescFile[]): ReadonlyMap<string, readonly DescExtension[]> {
  const found = new Map<string, DescExtension[]>();
  for (const file of files) {
    const nested = messagesOf(file.messages).flatMap((message) => message.nestedExtensions);
    for (const extension of [...file.extensions, ...nested]) {
      const { extendee } = extension;
      // Message sets have a special wire format, and protobuf JSON does not support their extensions.
      if (extendee.proto.options?.messageSetWireFormat === true) continue;
      found.set(extendee.typeName, [...(found.get(extendee.typeName) ?? []), extension]);
    }
  }
  for (const extensions of found.values()) extensions.sort((a, b) => a.number - b.number);
  return found;
}
