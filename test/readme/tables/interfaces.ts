import { fileURLToPath } from "node:url";
import { type InterfaceDeclaration, Project } from "ts-morph";

let project: Project | undefined;

/** Returns an interface of a source file. The first call takes seconds. */
export function interfaceOf(file: string, name: string): InterfaceDeclaration {
  project ??= new Project({ tsConfigFilePath: pathOf("test/tsconfig.json"), skipAddingFilesFromTsConfig: true });
  return project.addSourceFileAtPath(pathOf(file)).getInterfaceOrThrow(name);
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../../../${file}`, import.meta.url));
}
