import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { yaml } from "../read/rules/yaml.js";

/**
 * The folders with a user's protos: those of the modules in buf.yaml or, without one, the first usual folder with
 * protos.
 */
export interface ProtoFolders {
  /** Paths relative to the user's folder. `.` is the folder itself. */
  readonly folders: readonly string[];
  /** Whether the folders come from a buf.yaml. */
  readonly hasBufYaml: boolean;
}

/** A proto file. Its path is relative to its folder of protos. */
export interface ProtoFile {
  readonly folder: string;
  readonly path: string;
  readonly text: string;
}

/** Finds the folders with protos in a user's folder. `folders` is empty if there are none. */
export function findProtoFolders(root: string): ProtoFolders {
  const bufYaml = path.join(root, "buf.yaml");
  if (existsSync(bufYaml)) return { folders: modulesOf(readFileSync(bufYaml, "utf8")), hasBufYaml: true };
  const usual = ["proto", "protos", "api", "src/proto"].filter((folder) => protosBelow(root, folder).length > 0);
  const first = usual[0] ?? (protosBelow(root, ".").length > 0 ? "." : undefined);
  return { folders: first === undefined ? [] : [first], hasBufYaml: false };
}

/** Reads all proto files in folders and their subfolders. */
export function readProtos(root: string, folders: readonly string[]): readonly ProtoFile[] {
  return folders.flatMap((folder) =>
    protosBelow(root, folder).map((file) => ({
      folder,
      path: file,
      text: readFileSync(path.join(root, folder, file), "utf8"),
    })),
  );
}

function modulesOf(bufYaml: string): readonly string[] {
  const config: unknown = yaml().parse(bufYaml);
  const modules = typeof config === "object" && config !== null && "modules" in config ? config.modules : undefined;
  if (!Array.isArray(modules)) return ["."];
  return modules.flatMap((module: unknown) => {
    const folder = typeof module === "object" && module !== null && "path" in module ? module.path : ".";
    return typeof folder === "string" ? [path.posix.normalize(folder)] : [];
  });
}

/**
 * Lists the proto files in a folder and its subfolders, sorted, as relative paths with `/`. Hidden folders and those of
 * installed packages are skipped.
 */
function protosBelow(root: string, folder: string): readonly string[] {
  const from = path.join(root, folder);
  if (!existsSync(from)) return [];
  const found: string[] = [];
  const open = [""];
  for (const within of open) {
    for (const entry of readdirSync(path.join(from, within), { withFileTypes: true })) {
      const name = path.posix.join(within, entry.name);
      if (entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith(".")) open.push(name);
      else if (entry.isFile() && entry.name.endsWith(".proto")) found.push(name);
    }
  }
  return found.sort();
}
