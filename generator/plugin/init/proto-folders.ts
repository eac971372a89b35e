import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { yaml } from "../read/rules/yaml.js";
import { readSettings, UnusableFolderError } from "./settings-file.js";

/** A folder of protos: the root of their import paths. */
export interface ProtoFolder {
  /** The path relative to the user's folder. `.` is the folder itself. */
  readonly path: string;
  /** The path of the buf.yaml with the dependencies of these protos. The file may not exist yet. */
  readonly bufYaml: string;
}

/** The folders with a user's protos. */
export interface ProtoFolders {
  readonly folders: readonly ProtoFolder[];
  /** The folder of the workspace with these folders, as a relative path. */
  readonly workspace: string;
  /** Whether buf has settings here that list the folders, so that no buf.yaml is needed for that. */
  readonly isConfigured: boolean;
  /** Why usual folders with protos are not among the folders: a sentence for each. */
  readonly leftOut: readonly string[];
}

/** A proto file. Its path is relative to its folder of protos. */
export interface ProtoFile {
  readonly folder: string;
  readonly path: string;
  readonly text: string;
}

const BUF_YAML = "buf.yaml";
const BUF_WORK_YAML = "buf.work.yaml";
const USUAL = ["proto", "protos", "api", "src/proto"];

/**
 * Finds the folders with protos in a user's folder: those that buf.work.yaml or buf.yaml lists or, without these, the
 * usual folders with protos, or else the folder itself. `folders` is empty if there are no protos.
 */
export function findProtoFolders(root: string): ProtoFolders {
  const [hasBufYaml, hasWorkspace] = [BUF_YAML, BUF_WORK_YAML].map((file) => existsSync(path.join(root, file)));
  if (hasWorkspace && hasBufYaml) {
    throw new UnusableFolderError("buf rejects a folder with both buf.work.yaml and buf.yaml: remove one of them");
  }
  if (hasWorkspace) return { folders: workspaceFolders(root), workspace: ".", isConfigured: true, leftOut: [] };
  if (hasBufYaml) return { folders: modulesOf(root, "."), workspace: ".", isConfigured: true, leftOut: [] };
  return usualFolders(root);
}

/** Reads all proto files in a folder and its subfolders. */
export function readProtos(root: string, folder: string): readonly ProtoFile[] {
  return protosBelow(root, folder).map((file) => ({
    folder,
    path: file,
    text: readFileSync(path.join(root, folder, file), "utf8"),
  }));
}

/** Returns the folders of a workspace in the first form, where each has its own buf.yaml. */
function workspaceFolders(root: string): readonly ProtoFolder[] {
  const config = readSettings(root, BUF_WORK_YAML, (text) => yaml().parse(text));
  const listed = typeof config === "object" && config !== null && "directories" in config ? config.directories : [];
  const folders = (Array.isArray(listed) ? listed : []).filter((folder: unknown) => typeof folder === "string");
  if (folders.length === 0) throw new UnusableFolderError("buf.work.yaml lists no directories: add those with protos");
  return folders.map((folder) => {
    const normal = path.posix.join(folder, ".");
    return { path: normal, bufYaml: path.posix.join(normal, BUF_YAML) };
  });
}

/** Returns the modules that the buf.yaml of a folder lists. */
function modulesOf(root: string, folder: string): readonly ProtoFolder[] {
  const bufYaml = path.posix.join(folder, BUF_YAML);
  const config = readSettings(root, bufYaml, (text) => yaml().parse(text));
  const modules = typeof config === "object" && config !== null && "modules" in config ? config.modules : undefined;
  return (Array.isArray(modules) ? modules : [{}]).flatMap((module: unknown) => {
    const within = typeof module === "object" && module !== null && "path" in module ? module.path : ".";
    return typeof within === "string" ? [{ path: path.posix.join(folder, within, "."), bufYaml }] : [];
  });
}

function usualFolders(root: string): ProtoFolders {
  const found = USUAL.filter((folder) => protosBelow(root, folder).length > 0);
  const configured = found.find((folder) => existsSync(path.join(root, folder, BUF_YAML)));
  if (configured !== undefined) {
    const leftOut = found
      .filter((folder) => folder !== configured)
      .map(
        (folder) => `Left out ${folder}: ${configured} has its own buf.yaml. For both, list both in a buf.yaml here.`,
      );
    return { folders: modulesOf(root, configured), workspace: configured, isConfigured: true, leftOut };
  }
  const { folders, leftOut } = withoutDuplicates(root, found);
  const used = folders.length === 0 && protosBelow(root, ".").length > 0 ? ["."] : folders;
  return {
    folders: used.map((folder) => ({ path: folder, bufYaml: BUF_YAML })),
    workspace: ".",
    isConfigured: false,
    leftOut,
  };
}

/** Leaves out folders with import paths that an earlier folder has. buf rejects two files with one import path. */
function withoutDuplicates(
  root: string,
  found: readonly string[],
): { readonly folders: readonly string[]; readonly leftOut: readonly string[] } {
  const folderOf = new Map<string, string>();
  const leftOut: string[] = [];
  const folders = found.filter((folder) => {
    const protos = protosBelow(root, folder);
    const twice = protos.find((file) => folderOf.has(file));
    if (twice === undefined) for (const file of protos) folderOf.set(file, folder);
    else leftOut.push(`Left out ${folder}: it has ${twice}, and so has ${folderOf.get(twice)}. buf accepts only one.`);
    return twice === undefined;
  });
  return { folders, leftOut };
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
