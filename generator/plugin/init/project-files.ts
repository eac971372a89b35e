import path from "node:path";
import type { BufYaml, Survey } from "./survey.js";

/** A file that the command `init` writes. */
export interface ProjectFile {
  readonly path: string;
  readonly content: string;
}

const PACKAGE_JSON = `{
  "private": true,
  "type": "module"
}
`;

/** The files that a user's folder lacks. */
export function projectFiles(seen: Survey): readonly ProjectFile[] {
  return [
    ...bufYamls(seen),
    { path: "buf.gen.yaml", content: bufGenYaml(seen) },
    { path: path.posix.join(seen.sources, "server.ts"), content: serverTs(seen) },
    ...(seen.hasTsconfig ? [] : [{ path: "tsconfig.json", content: tsconfig(seen) }]),
    ...(seen.manifest === undefined ? [{ path: "package.json", content: PACKAGE_JSON }] : []),
  ];
}

/** Writes the buf.yaml that lists the folders. In a workspace, buf needs only those with dependencies. */
function bufYamls({ bufYamls, isConfigured }: Survey): readonly ProjectFile[] {
  const missing = bufYamls.filter((file) => !file.exists);
  return isConfigured
    ? missing
        .filter((file) => file.missingModules.length > 0)
        .map((file) => ({ path: file.path, content: lines(["version: v1", ...dependencies(file)]) }))
    : missing.map((file) => ({
        path: file.path,
        content: lines(["version: v2", ...modules(file), ...dependencies(file)]),
      }));
}

function modules({ folders }: BufYaml): readonly string[] {
  const listed = folders.flatMap((folder) => [
    `  - path: ${folder}`,
    // Installed packages have protos too.
    ...listIn("excludes", folder === "." ? ["node_modules"] : []),
  ]);
  return ["modules:", ...listed];
}

function dependencies({ missingModules }: BufYaml): readonly string[] {
  return missingModules.length === 0 ? [] : ["deps:", ...missingModules.map((module) => `  - ${module}`)];
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}

function bufGenYaml(seen: Survey): string {
  const { sources, output, typePrefix, ruleFiles } = seen;
  const out = path.posix.join(sources, output);
  const installed = seen.folders.includes(".") ? ["node_modules"] : [];
  // One input for all folders: buf runs the plugins once for each input.
  const input = [`  - directory: ${seen.input}`, ...listIn("exclude_paths", [...seen.excluded, ...installed])];
  const messages = [
    "importSuffix=.js",
    "forceLong=bigint",
    "useDate=false",
    "oneof=unions-value",
    "outputServices=none",
    "snakeToCamel=false",
    "exportCommonSymbols=false",
    "unrecognizedEnum=false",
    "useExactTypes=false",
    "outputJsonMethods=false",
    ...(typePrefix === "" ? [] : [`typePrefix=${typePrefix}`]),
    ...(seen.hasUnusableDefaults ? ["disableProto2DefaultValues=true"] : []),
  ];
  const gateway = [
    "messages=messages",
    ...(typePrefix === "" ? [] : [`type_prefix=${typePrefix}`]),
    ...ruleFiles.map((file) => `grpc_api_configuration=${file}`),
    "client=client.ts",
    "openapi=openapi.json",
  ];
  return `version: v2
clean: true
inputs:
${input.join("\n")}
plugins:
  # The messages, as TypeScript types.
  - local: protoc-gen-ts_proto
    out: ${out}/messages
    strategy: all
    opt:
${messages.map((option) => `      - ${option}\n`).join("")}      # Nothing needs the rules' own types.
      - Mgoogle/api/annotations.proto=-
  # The gateway over them.
  - local: protoc-gen-express-gateway
    out: ${out}
    strategy: all
    opt:
${gateway.map((option) => `      - ${option}\n`).join("")}`;
}

function listIn(name: string, values: readonly string[]): readonly string[] {
  return values.length === 0 ? [] : [`    ${name}:`, ...values.map((value) => `      - ${value}`)];
}

function serverTs({ hasRules, output }: Survey): string {
  const unbound = hasRules
    ? ""
    : "\n  // No RPC has an HTTP rule: each is served as POST /package.Service/Method.\n  access: { unboundRpcs: true },";
  return `import { closeServer, createGateway, grpcTransport } from "@etcd-gateway/runtime";
import express from "express";
import { services } from "./${output}/index.js";

/** Where your gRPC server is. */
const endpoint = process.env["GRPC_ENDPOINT"] ?? "127.0.0.1:50051";
const port = Number(process.env["PORT"] ?? 8080);

const gateway = createGateway({
  services,
  transport: grpcTransport({ endpoints: [endpoint] }),${unbound}
});
const app = express();
app.use(gateway.router);

const server = app.listen(port, "127.0.0.1", () => {
  const address = server.address();
  console.log(\`http://127.0.0.1:\${typeof address === "object" ? address?.port : port}\`);
});
// WebSocket, for streams.
gateway.handleUpgrades(server);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void closeServer(server, gateway));
}
`;
}

function tsconfig({ sources, output }: Survey): string {
  const include = sources === "." ? ["server.ts", output] : [sources];
  const compilerOptions = {
    target: "ES2022",
    module: "NodeNext",
    types: ["node"],
    strict: true,
    rootDir: sources,
    outDir: "dist",
  };
  return `${JSON.stringify({ compilerOptions, include }, undefined, 2)}\n`;
}
