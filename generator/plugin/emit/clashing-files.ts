import path from "node:path";
import type { Model } from "../model/model.js";
import type { PluginOptions } from "../plugin-options.js";
import { stem } from "./output-path.js";
import type { GeneratedFile } from "./source/generated-file.js";

/** Reports clashing paths of output files: two outputs with the same path, or a path that ts-proto also writes. */
export function clashingFiles(
  files: readonly GeneratedFile[],
  model: Model,
  options: PluginOptions,
): readonly string[] {
  const messages = new Map(
    model.files.map((file) => [path.posix.join(options.messages, `${stem(file.path)}.ts`), file.path]),
  );
  const seen = new Set<string>();
  return files.flatMap((file) => {
    const isTwice = seen.has(file.path);
    seen.add(file.path);
    if (isTwice)
      return [`two outputs are called ${file.path}: choose another name for one of client, openapi and swagger`];
    const proto = messages.get(path.posix.normalize(file.path));
    if (proto === undefined) return [];
    const advice = "give ts-proto a folder of its own, and name it with the plugin option messages";
    return [`ts-proto also writes ${file.path}, for ${proto}: ${advice}`];
  });
}
