import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { mayNeedPrefix } from "../read/types/type-names.js";
import { findProtoFolders, type ProtoFile, readProtos } from "./proto-folders.js";
import { missingModules } from "./registry-modules.js";

/** The findings of the command `init` in a user's folder. */
export interface Survey {
  readonly hasBufYaml: boolean;
  /** The folders to generate from, as paths relative to the user's folder. */
  readonly folders: readonly string[];
  /**
   * Folders in these with other projects' protos. Code for them is generated only as far as the user's protos need it.
   */
  readonly excluded: readonly string[];
  /** The modules of buf's registry that contain imported protos and that buf.yaml does not list. */
  readonly missingModules: readonly string[];
  /** Whether rpcs have HTTP rules, in options or in a file. */
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

/** Top-level folders with copies of other projects' protos. */
const THIRD_PARTY = [
  "google",
  "buf",
  "validate",
  "gogoproto",
  "protoc-gen-openapiv2",
  "gnostic",
  "openapiv3",
  "openapi",
];

const RULE = /\(\s*\.?google\.api\.http\s*\)/;

/** Surveys a user's folder. Returns `undefined` if there are no protos in it. */
export function survey(root: string): Survey | undefined {
  const { folders, hasBufYaml } = findProtoFolders(root);
  const protos = readProtos(root, folders);
  if (protos.length === 0) return undefined;
  const own = protos.filter((file) => !isThirdParty(file));
  const manifest = readManifest(root);
  const ruleFiles = own.some(({ text }) => RULE.test(text)) ? [] : ruleFilesIn(root);
  const sources = existsSync(path.join(root, "src")) ? "src" : ".";
  return {
    hasBufYaml,
    folders: folders.filter((folder) => own.some((file) => file.folder === folder)),
    excluded: excludedIn(protos),
    missingModules: missingModules(protos, hasBufYaml ? readFileSync(path.join(root, "buf.yaml"), "utf8") : ""),
    hasRules: ruleFiles.length > 0 || own.some(({ text }) => RULE.test(text)),
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

function isThirdParty(file: ProtoFile): boolean {
  return THIRD_PARTY.includes(file.path.split("/")[0] ?? "");
}

/** Finds the folders with other projects' protos that lie beside the user's own. */
function excludedIn(protos: readonly ProtoFile[]): readonly string[] {
  const own = new Set(protos.filter((file) => !isThirdParty(file)).map(({ folder }) => folder));
  const paths = protos
    .filter((file) => isThirdParty(file) && own.has(file.folder))
    .map(({ folder, path: file }) => path.posix.join(folder, file.split("/")[0] ?? ""));
  return [...new Set(paths)];
}

function declaresUnusable(text: string): boolean {
  return [...text.matchAll(/^(?:message|enum)\s+(\w+)/gm)].some(([, name = ""]) => mayNeedPrefix(name));
}

/** Finds the YAML files at the top of a folder that contain HTTP rules. */
function ruleFilesIn(root: string): readonly string[] {
  const files = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map(({ name }) => name);
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
  const file = path.join(root, "package.json");
  if (!existsSync(file)) return undefined;
  const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
  return typeof manifest === "object" && manifest !== null ? manifest : {};
}
