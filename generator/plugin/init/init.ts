import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type ProjectFile, projectFiles } from "./project-files.js";
import { UnusableFolderError } from "./settings-file.js";
import { type Survey, survey } from "./survey.js";

/** The result of the command: the text to print, and the exit code. */
export interface InitResult {
  readonly output: string;
  readonly exitCode: 0 | 1;
}

const DEPENDENCIES = [
  ...["@etcd-gateway/runtime", "@etcd-gateway/client"],
  ...["@grpc/grpc-js", "@bufbuild/protobuf", "express"],
];
const DEV_DEPENDENCIES = [
  ...["@bufbuild/buf", "ts-proto", "protoc-gen-express-gateway"],
  ...["typescript", "@types/express", "@types/node"],
];

/**
 * Writes the files that a user's folder needs to generate a gateway from its protos and to serve it. The output lists
 * the commands to run. If one of the files exists, nothing is written.
 *
 * @param force whether to replace existing files
 */
export function init(root: string, force: boolean): InitResult {
  try {
    return initialize(root, force);
  } catch (error) {
    if (error instanceof UnusableFolderError) return failure(`${error.message}. Nothing was written`);
    throw error;
  }
}

function initialize(root: string, force: boolean): InitResult {
  const seen = survey(root);
  if (seen === undefined) {
    return failure(`found no .proto files: run this command in the folder of your buf.yaml or of your protos`);
  }
  const files = projectFiles(seen);
  const taken = files.map((file) => file.path).filter((file) => existsSync(path.join(root, file)));
  if (taken.length > 0 && !force) {
    const verb = taken.length === 1 ? "exists" : "exist";
    return failure(`${taken.join(" and ")} already ${verb}, so nothing was written: use --force to replace`);
  }
  for (const file of files) writeFileSync(path.join(root, file.path), file.content);
  return { output: report(seen, files), exitCode: 0 };
}

function failure(message: string): InitResult {
  return { output: `protoc-gen-express-gateway init: ${message}\n`, exitCode: 1 };
}

function report(seen: Survey, files: readonly ProjectFile[]): string {
  const lacking = seen.bufYamls.filter((file) => file.missingModules.length > 0);
  const updates = lacking.map(({ path: file }) => {
    const folder = path.posix.dirname(file);
    return `npx buf dep update${folder === "." ? "" : ` ${folder}`}`;
  });
  const notes = [
    ...seen.leftOut,
    ...(seen.excluded.length === 0 ? [] : [excludedNote(seen.excluded)]),
    ...lacking
      .filter((file) => file.exists)
      .map(
        (file) =>
          `Your protos import files that are not here: add ${file.missingModules.join(" and ")} to deps in ${file.path} first.`,
      ),
    ...servedNotes(seen),
  ];
  return [
    `Protos: ${seen.folders.join(", ")}`,
    ...files.map((file) => `Wrote ${file.path}`),
    ...notes,
    "",
    "Now run:",
    "",
    ...[...installCommands(seen), ...updates, "npx buf generate", "npx tsc", `${startCommand(seen)}`].map(
      (command) => `  ${command}`,
    ),
    "",
  ].join("\n");
}

function servedNotes({ hasServices, hasRules }: Survey): readonly string[] {
  if (!hasServices) return ["Your protos declare no service, and server.ts cannot start without one: add one first."];
  return hasRules ? [] : ["No RPC has an HTTP rule: server.ts serves them as POST /package.Service/Method."];
}

function excludedNote(excluded: readonly string[]): string {
  const named = excluded.length > 8 ? `the ${excluded.length} exclude_paths in buf.gen.yaml` : excluded.join(", ");
  return `Left out ${named}: protos of other projects. Code is generated only for the parts that your protos use.`;
}

function installCommands({ manifest = { type: "module" } }: Survey): readonly string[] {
  const has = { ...manifest.dependencies, ...manifest.devDependencies };
  const missing = (names: readonly string[]): string => names.filter((name) => !Object.hasOwn(has, name)).join(" ");
  return [
    ...(manifest.type === "module" ? [] : ["npm pkg set type=module"]),
    ...(missing(DEPENDENCIES) === "" ? [] : [`npm install ${missing(DEPENDENCIES)}`]),
    ...(missing(DEV_DEPENDENCIES) === "" ? [] : [`npm install --save-dev ${missing(DEV_DEPENDENCIES)}`]),
  ];
}

function startCommand({ sources, hasTsconfig }: Survey): string {
  const file = hasTsconfig ? path.posix.join("<outDir>", sources, "server.js") : "dist/server.js";
  return `GRPC_ENDPOINT=127.0.0.1:50051 node ${file}`;
}
