import type { DescField, DescFile, DescMessage, DescMethod } from "@bufbuild/protobuf";
import { WELL_KNOWN_FILES } from "../model/well-known.js";
import type { Diagnostics } from "./diagnostics.js";
import { messagesOf } from "./file.js";
import { positionOf } from "./source-info.js";

/** Warns of each file whose messages are used, but whose codecs this run does not generate. */
export function checkImports(files: readonly DescFile[], diagnostics: Diagnostics): void {
  const known = new Set(files);
  const check = (message: DescMessage, user: DescField | DescMethod): void => {
    if (known.has(message.file) || WELL_KNOWN_FILES.has(message.file.proto.name)) return;
    known.add(message.file);
    diagnostics.warn(
      positionOf(user),
      `${message.typeName} is declared in ${message.file.proto.name}, for which nothing is generated: ` +
        "add that file to the inputs, or set include_imports for this plugin and for ts-proto",
    );
  };

  for (const file of files) {
    for (const field of messagesOf(file.messages).flatMap((message) => message.fields)) {
      if (field.message !== undefined) check(field.message, field);
    }
    for (const method of file.services.flatMap((service) => service.methods)) {
      check(method.input, method);
      check(method.output, method);
    }
  }
}
