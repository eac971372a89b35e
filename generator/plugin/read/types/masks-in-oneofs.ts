import type { DescFile } from "@bufbuild/protobuf";
import type { Diagnostics } from "../diagnostics.js";
import { positionOf } from "../source-info.js";
import { messagesOf } from "./file.js";

/**
 * Warns about field masks in oneofs. ts-proto writes an array for the mask where `undefined` is possible. This is not an
 * error, because this plugin does not know ts-proto's version and options.
 */
export function checkFieldMasks(files: readonly DescFile[], diagnostics: Diagnostics): void {
  const masks = files
    .flatMap((file) => messagesOf(file.messages))
    .flatMap(({ fields }) => fields)
    .filter(({ oneof, message }) => oneof !== undefined && message?.typeName === "google.protobuf.FieldMask");
  for (const mask of masks) {
    diagnostics.warn(
      positionOf(mask),
      `${String(mask)}: ts-proto's output does not compile with a google.protobuf.FieldMask in a oneof: move the field ` +
        "out of the oneof, or put the mask into a message of your own",
    );
  }
}
