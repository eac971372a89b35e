import path from "node:path";
import type { ProtoFile } from "./proto-folders.js";

/** Files that many projects copy or import, by their import paths, and the module of buf's registry with them. */
const KNOWN: readonly (readonly [files: RegExp, module?: string])[] = [
  [
    /^google\/(api|api\/expr\/\w+|bytestream|geo\/type|logging\/type|longrunning|rpc|rpc\/context|type)\/[^/]+$/,
    "buf.build/googleapis/googleapis",
  ],
  [/^google\/(protobuf|iam\/v1|cloud\/location)\//],
  [/^google\/cloud\/(common_resources|extended_operations)\.proto$/],
  [/^buf\/validate\//, "buf.build/bufbuild/protovalidate"],
  [/^protoc-gen-openapiv2\/options\//, "buf.build/grpc-ecosystem/grpc-gateway"],
  [/^protoc-gen-swagger\/options\//],
  [/^gnostic\//, "buf.build/gnostic/gnostic"],
  [/^openapiv3\/(annotations|OpenAPIv3)\.proto$/],
  [/^validate\/validate\.proto$/, "buf.build/envoyproxy/protoc-gen-validate"],
  [/^gogoproto\/gogo\.proto$/, "buf.build/gogo/protobuf"],
];

/** Returns the module of buf's registry that contains a file. `undefined` if none is known. */
export function registryModule(importPath: string): string | undefined {
  return KNOWN.find(([files]) => files.test(importPath))?.[1];
}

/** Whether a file has HTTP rules in options. */
export function hasRules({ text }: ProtoFile): boolean {
  return /\(\s*\.?google\.api\.http\s*\)/.test(text);
}

/** Whether a file declares a service. */
export function declaresService({ text }: ProtoFile): boolean {
  return /(?:^|[;}])\s*service\s+\w+\s*\{/m.test(text);
}

/**
 * Returns the protos that are the user's own: those that are not known copies of other projects' files. If all are
 * such files, the user wants to serve one of them. Then those with HTTP rules are the user's, or else those with
 * services, or else all.
 */
export function ownProtos(protos: readonly ProtoFile[]): readonly ProtoFile[] {
  const choices = [
    protos.filter((file) => !KNOWN.some(([files]) => files.test(file.path))),
    protos.filter(hasRules),
    protos.filter(declaresService),
  ];
  return choices.find((files) => files.length > 0) ?? protos;
}

/** Returns the fewest folders and files, sorted, that contain all protos of a folder except the user's own. */
export function excludedFrom(
  folder: string,
  protos: readonly ProtoFile[],
  own: readonly ProtoFile[],
): readonly string[] {
  const paths = (files: readonly ProtoFile[]): readonly string[] =>
    files.filter((file) => file.folder === folder).map((file) => file.path);
  const kept = paths(own);
  const excluded = paths(protos.filter((file) => !own.includes(file))).map((file) => {
    const steps = file.split("/").map((_, index, names) => names.slice(0, index + 1).join("/"));
    return steps.find((step) => !kept.some((each) => each === step || each.startsWith(`${step}/`))) ?? file;
  });
  return [...new Set(excluded)].sort().map((each) => path.posix.join(folder, each));
}
