import type { DescFile, DescService } from "@bufbuild/protobuf";
import { WELL_KNOWN_FILES } from "../../model/well-known.js";
import { messagesOf } from "./file.js";

/**
 * The files that others need: those with the types of their fields and extensions, and of the rpcs to serve, and so on.
 * The files themselves are among them; those whose codecs the runtime has are not.
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
  // A set's iteration goes on to what is added to it meanwhile.
  for (const file of needed) typesOf(file, isServed).forEach(need);
  return needed;
}

/** The files that declare what a file refers to. */
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
