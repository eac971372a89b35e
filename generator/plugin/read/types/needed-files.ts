import type { DescFile, DescService } from "@bufbuild/protobuf";
import { WELL_KNOWN_FILES } from "../../model/well-known.js";
import { messagesOf } from "./file.js";

/**
 * Finds all files that the given files need, directly or indirectly: those that declare the types of their fields, of
 * their extensions and of the RPCs to serve. The result includes the given files. Files whose codecs are part of the
 * runtime are not included.
 */
export function neededFiles(
  files: readonly DescFile[],
  isServed: (service: DescService) => boolean,
): ReadonlySet<DescFile> {
  const needed = new Set<DescFile>();
  const need = (file: DescFile): void => {
    if (!WELL_KNOWN_FILES.has(file.proto.name)) needed.add(file);
  };
  files.forEach(need);
  // The iteration also visits the files that are added to the set meanwhile.
  for (const file of needed) typesOf(file, isServed).forEach(need);
  return needed;
}

/** The files that declare the types that a file refers to. */
function typesOf(file: DescFile, isServed: (service: DescService) => boolean): readonly DescFile[] {
  const messages = messagesOf(file.messages);
  const extensions = [...file.extensions, ...messages.flatMap((message) => message.nestedExtensions)];
  const fields = [...messages.flatMap((message) => message.fields), ...extensions];
  const methods = file.services.filter(isServed).flatMap((service) => service.methods);
  return [
    ...fields.flatMap(({ message, enum: type }) => [message, type].flatMap((desc) => desc?.file ?? [])),
    ...methods.flatMap(({ input, output }) => [input.file, output.file]),
  ];
}
