// The layers of the code. `npm run check` fails when an import breaks them; docs/architecture.md explains them.
import swc from "@swc/core";

// dependency-cruiser does not tell swc which files may contain JSX.
const { parseFileSync } = swc;
swc.parseFileSync = (file, options) => parseFileSync(file, { ...options, tsx: file.endsWith(".tsx") });

/** The layers of the runtime, from the top down: none imports one above it. */
const LAYERS = [
  "server",
  "gateway",
  "websocket",
  "http",
  "session",
  "transcode",
  "observe",
  "call",
  "transport",
  "json",
  "options",
  "errors",
  "modules",
  "timers",
  "collections",
  "bytes",
];

/** @type {import("dependency-cruiser").IForbiddenRuleType[]} */
const downwards = LAYERS.map((layer, index) => ({
  name: `${layer}-imports-nothing-above-it`,
  severity: "error",
  from: { path: `^runtime/core/${layer}/` },
  to: { path: `^runtime/core/(${["codegen", ...LAYERS.slice(0, index)].join("|")})/|^runtime/core/[^/]+$` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...downwards,
    {
      name: "folders-import-one-way",
      comment: "Two folders that import each other are one folder, or one of them holds something of the other.",
      severity: "error",
      scope: "folder",
      from: { path: "^(runtime|generator)/" },
      to: { circular: true },
    },
    {
      name: "files-import-one-way",
      comment:
        "In core/json, a codec uses the reader and the writer of messages, and these use the codecs of the fields.",
      severity: "error",
      from: { path: "^(runtime|generator)/", pathNot: "^runtime/core/json/" },
      to: { circular: true },
    },
    {
      name: "parts-of-the-etcd-gateway-know-no-whole",
      comment: "etcd-gateway.ts, index.ts and the command put the parts together.",
      severity: "error",
      from: { path: "^runtime/etcd/(?!command/)[^/]+/" },
      to: { path: "^runtime/etcd/(etcd-gateway\\.ts$|index\\.ts$|command/)" },
    },
    {
      name: "etcd-uses-the-entries-of-core",
      severity: "error",
      from: { path: "^runtime/etcd/" },
      to: { path: "^runtime/core/", pathNot: "^runtime/core/([^/]+|codegen/[^/]+)$" },
    },
    {
      name: "core-knows-no-etcd",
      severity: "error",
      from: { path: "^runtime/core/" },
      to: { path: "^(generated|generator|runtime/(client|etcd|explorer)|test|examples)/" },
    },
    {
      name: "generator-needs-no-runtime",
      severity: "error",
      from: { path: "^generator/" },
      to: { path: "^(runtime|generated|examples)/" },
    },
    {
      name: "runtime-needs-no-generator",
      severity: "error",
      from: { path: "^(runtime|generated)/" },
      to: { path: "^generator/" },
    },
    {
      name: "plugin-is-a-package",
      severity: "error",
      from: { path: "^generator/plugin/" },
      to: { path: "^generator/(?!plugin/)" },
    },
    {
      name: "model-imports-no-other-step",
      comment: "The generator's steps are read, model and emit.",
      severity: "error",
      from: { path: "^generator/plugin/model/" },
      to: { path: "^generator/plugin/(read|emit|init)/" },
    },
    {
      name: "read-and-emit-meet-in-the-model",
      severity: "error",
      from: { path: "^generator/plugin/(read|emit)/" },
      to: { path: "^generator/plugin/(read|emit|init)/", pathNot: "^generator/plugin/$1/" },
    },
    {
      name: "generated-uses-the-contract",
      comment:
        "Generated code calls the runtime by its entry for generated code alone. Its messages need two libraries.",
      severity: "error",
      from: { path: "^generated/", pathNot: "^generated/client\\.ts$" },
      to: { pathNot: "^(generated/|runtime/core/codegen/|node_modules/@(bufbuild/protobuf|grpc/grpc-js)/)" },
    },
    {
      name: "client-imports-nothing",
      comment: "HTTP clients run where there is neither Node.js nor a protobuf library.",
      severity: "error",
      from: { path: "^runtime/client/" },
      to: { pathNot: "^runtime/client/" },
    },
    {
      name: "generated-client-is-for-browsers",
      comment: "Of messages it has but the types, which are erased.",
      severity: "error",
      from: { path: "^generated/client\\.ts$" },
      to: { pathNot: "^(runtime/client/codegen|generated/messages)/" },
    },
    {
      name: "etcd-client-is-for-browsers",
      severity: "error",
      from: { path: "^runtime/etcd/client/" },
      to: {
        pathNot: "^(runtime/client/index|generated/client|runtime/etcd/client/[^/]+|runtime/etcd/api/[^/]+)\\.ts$",
      },
    },
    {
      name: "facts-of-etcd-import-nothing",
      comment: "The gateway and the client for browsers share them.",
      severity: "error",
      from: { path: "^runtime/etcd/api/" },
      to: { pathNot: "^runtime/etcd/api/" },
    },
    {
      name: "explorer-server-imports-nothing",
      comment: "It serves the page of any API, in any app.",
      severity: "error",
      from: { path: "^runtime/explorer/[^/]+$", pathNot: "^runtime/explorer/build-page\\.ts$" },
      to: { pathNot: "^runtime/explorer/(?!page/)|^(node:)?(crypto|http|module|zlib)$" },
    },
    {
      name: "page-imports-the-client-alone",
      comment: "By app/bundled-client.ts. What else the page imports is bundled with it.",
      severity: "error",
      from: { path: "^runtime/explorer/page/", pathNot: "^runtime/explorer/page/app/bundled-client\\.ts$" },
      to: { path: "^(generated|generator|runtime|test|examples)/", pathNot: "^runtime/explorer/page/" },
    },
    {
      name: "bundled-client-is-the-public-one",
      severity: "error",
      from: { path: "^runtime/explorer/page/app/bundled-client\\.ts$" },
      to: { pathNot: "^runtime/etcd/client/index\\.ts$" },
    },
    {
      name: "no-test-in-the-product",
      severity: "error",
      from: { path: "^(runtime|generator|generated)/" },
      to: { path: "^(test|examples)/" },
    },
    {
      name: "examples-import-packages",
      comment: "They are programs to start from, outside of this project. Only npm start is a part of it.",
      severity: "error",
      from: { path: "^examples/(?!quickstart/)" },
      to: {
        path: "^(generated|generator|runtime|test)/",
        pathNot:
          "^(runtime/(client|core|etcd|etcd/client|explorer)/(index|metrics|tracing|codegen/v1)|generated/index)\\.ts$",
      },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // TypeScript 7 has no programming interface.
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
    enhancedResolveOptions: {
      conditionNames: ["@etcd-gateway/source", "import", "node", "default"],
      exportsFields: ["exports"],
      extensions: [".ts", ".tsx", ".js"],
    },
  },
};
