import type { ProtoFile } from "./proto-folders.js";
import { registryModule } from "./third-party.js";

/**
 * Finds the modules of buf's registry that contain imported files that are not here.
 *
 * @param protos the importing files
 * @param present the import paths of all files that are here
 * @param bufYaml the text of the buf.yaml of these protos, or `""`. Modules that it names are not reported
 */
export function missingModules(
  protos: readonly ProtoFile[],
  present: ReadonlySet<string>,
  bufYaml: string,
): readonly string[] {
  const imports = protos.flatMap(({ text }) => [...text.matchAll(/(?:^|;)\s*import\s+(?:\w+\s+)?"([^"]+)"/gm)]);
  const missing = imports.map(([, file = ""]) => file).filter((file) => !present.has(file));
  const modules = missing.flatMap((file) => registryModule(file) ?? []);
  return [...new Set(modules)].sort().filter((module) => !bufYaml.includes(module));
}
