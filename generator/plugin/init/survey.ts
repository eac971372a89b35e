import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { mayNeedPrefix } from "../read/types/type-names.js";
import { findProtoFolders, type ProtoFile, type ProtoFolder, readProtos } from "./proto-folders.js";
import { missingModules } from "./registry-modules.js";
import { readSettings } from "./settings-file.js";
import { declaresService, excludedFrom, hasRules, ownProtos } from "./third-party.js";

/** The findings of the command `init` in a user's folder. */
export interface Survey {
  /** Whether buf has settings here that list the folders. */
  readonly isConfigured: boolean;
  /** The folders to generate from, as paths relative to the user's folder. */
  readonly folders: readonly string[];
  /** The folder to give to buf, as a relative path: the only folder to generate from, or the workspace with them. */
  readonly input: string;
  /**
   * Folders and files with other projects' protos in the input. Code for them is generated only as far as the
   * user's protos need it.
   */
  readonly excluded: readonly string[];
  /** The files with the dependencies of the protos: one for all, or one for each folder of a workspace. */
  readonly bufYamls: readonly BufYaml[];
  /** Why folders with protos are not among the inputs: a sentence for each. */
  readonly leftOut: readonly string[];
  /** Whether a proto of the user's own declares a service. */
  readonly hasServices: boolean;
  /** Whether RPCs have HTTP rules, in options or in a file. */
  readonly hasRules: boolean;
  /** YAML files with HTTP rules. */
  readonly ruleFiles: readonly string[];
  /** The type prefix for ts-proto and the plugin, set if a type name is not usable without one. `""` for none. */
  readonly typePrefix: string;
  /** Whether a field has a default value that breaks ts-proto's output. */
  readonly hasUnusableDefaults: boolean;
  /** The folder for source files: `src` if it exists, otherwise `.`. */
  readonly sources: string;
  /** The name of the folder for generated code, in `sources`. */
  readonly output: string;
  readonly hasTsconfig: boolean;
  /** The user's package.json. Absent if there is none. */
  readonly manifest?: Manifest;
}

/** The relevant members of a package.json. */
export interface Manifest {
  readonly type?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A buf.yaml of the user's folder. */
export interface BufYaml {
  /** The path relative to the user's folder. */
  readonly path: string;
  readonly exists: boolean;
  /** The folders that it is for. */
  readonly folders: readonly string[];
  /** The modules of buf's registry that contain imported protos and that the file does not list. */
  readonly missingModules: readonly string[];
}

/**
 * Surveys a user's folder. Returns `undefined` if there are no protos in it.
 *
 * @throws {UnusableFolderError} if the user must mend something first
 */
export function survey(root: string): Survey | undefined {
  const { folders, workspace, isConfigured, leftOut } = findProtoFolders(root);
  const protos = folders.flatMap((folder) => readProtos(root, folder.path));
  if (protos.length === 0) return undefined;
  const own = ownProtos(protos);
  const generated = folders.map((folder) => folder.path).filter((each) => own.some(({ folder }) => folder === each));
  const only = generated.length === 1 ? generated[0] : undefined;
  const manifest = readManifest(root);
  const ruleFiles = own.some(hasRules) ? [] : ruleFilesIn(root, own);
  const sources = existsSync(path.join(root, "src")) ? "src" : ".";
  return {
    isConfigured,
    folders: generated,
    input: only ?? workspace,
    excluded: (only === undefined ? folders : [{ path: only }]).flatMap((each) => excludedFrom(each.path, protos, own)),
    bufYamls: bufYamlsFor(root, folders, protos),
    leftOut,
    hasServices: own.some(declaresService),
    hasRules: ruleFiles.length > 0 || own.some(hasRules),
    ruleFiles,
    typePrefix: own.some(({ text }) => declaresUnusable(text)) ? "Pb" : "",
    hasUnusableDefaults: own.some(({ text }) => /\bdefault\s*=\s*-?\s*(inf|nan)\b/.test(text)),
    sources,
    output:
      ["generated", "gateway", "generated-gateway"].find((name) => isFree(path.join(root, sources, name))) ?? "gen",
    hasTsconfig: existsSync(path.join(root, "tsconfig.json")),
    ...(manifest === undefined ? {} : { manifest }),
  };
}

function bufYamlsFor(root: string, folders: readonly ProtoFolder[], protos: readonly ProtoFile[]): readonly BufYaml[] {
  const present = new Set(protos.map((file) => file.path));
  return [...new Set(folders.map(({ bufYaml }) => bufYaml))].map((file) => {
    const within = folders.filter(({ bufYaml }) => bufYaml === file).map((folder) => folder.path);
    const exists = existsSync(path.join(root, file));
    const text = exists ? readFileSync(path.join(root, file), "utf8") : "";
    const importing = protos.filter(({ folder }) => within.includes(folder));
    return { path: file, exists, folders: within, missingModules: missingModules(importing, present, text) };
  });
}

function declaresUnusable(text: string): boolean {
  return [...text.matchAll(/^(?:message|enum)\s+(\w+)/gm)].some(([, name = ""]) => mayNeedPrefix(name));
}

/** Finds the YAML files with HTTP rules at the top of the user's folder, beside the user's protos, and between. */
function ruleFilesIn(root: string, own: readonly ProtoFile[]): readonly string[] {
  const folders = new Set(["."]);
  for (const file of own) {
    let folder = path.posix.join(file.folder, path.posix.dirname(file.path));
    for (; folder !== path.posix.dirname(folder); folder = path.posix.dirname(folder)) folders.add(folder);
  }
  const files = [...folders].sort().flatMap((folder) =>
    readdirSync(path.join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
      .map(({ name }) => path.posix.join(folder, name)),
  );
  return files.filter((name) => {
    const text = readFileSync(path.join(root, name), "utf8");
    return /^http:/m.test(text) && /^[\s-]*selector:/m.test(text);
  });
}

/**
 * Whether generated code can replace a folder's content: it is missing, empty or generated. buf's `clean` deletes the
 * content.
 */
function isFree(folder: string): boolean {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return true;
  const index = path.join(folder, "index.ts");
  return existsSync(index) && readFileSync(index, "utf8").startsWith("// Code generated by protoc-gen-express-gateway");
}

function readManifest(root: string): Manifest | undefined {
  const file = "package.json";
  if (!existsSync(path.join(root, file))) return undefined;
  const manifest = readSettings(root, file, (text) => JSON.parse(text));
  return typeof manifest === "object" && manifest !== null ? manifest : {};
}
