import type { DescFile } from "@bufbuild/protobuf";
import type { Diagnostics } from "../diagnostics.js";
import { positionOf } from "../source-info.js";
import { messagesOf } from "./file.js";

/**
 * Warns, once for all files, about proto2 defaults that are not finite. ts-proto writes them as names that do not exist.
 * This is not an error, because this plugin does not know ts-proto's options.
 */
export function checkDefaults(files: readonly DescFile[], diagnostics: Diagnostics): void {
  const [first, ...others] = files
    .flatMap((file) => messagesOf(file.messages))
    .flatMap(({ fields }) => fields)
    .filter(({ proto }) => /^(-?inf|nan)$/.test(proto.defaultValue));
  if (first === undefined) return;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  diagnostics.warn(
    positionOf(first),
    `${String(first)}${more}: ts-proto's output does not compile with the default ${first.proto.defaultValue}, unless ` +
      "you set disableProto2DefaultValues=true for ts-proto",
  );
}
