import type { ProtoFile } from "./proto-folders.js";

/** Folders of protos that many projects import, and the modules of buf's registry that contain them. */
const MODULES: readonly (readonly [folder: RegExp, module: string])[] = [
  [/^google\/(api|bytestream|geo|logging|longrunning|rpc|type)\//, "buf.build/googleapis/googleapis"],
  [/^buf\/validate\//, "buf.build/bufbuild/protovalidate"],
  [/^protoc-gen-openapiv2\//, "buf.build/grpc-ecosystem/grpc-gateway"],
  [/^gnostic\//, "buf.build/gnostic/gnostic"],
  [/^validate\//, "buf.build/envoyproxy/protoc-gen-validate"],
  [/^gogoproto\//, "buf.build/gogo/protobuf"],
];

/**
 * Finds the modules of buf's registry that contain imported files that are not among the protos.
 *
 * @param bufYaml the text of the user's buf.yaml, or `""`. Modules that it names are not reported
 */
export function missingModules(protos: readonly ProtoFile[], bufYaml: string): readonly string[] {
  const present = new Set(protos.map((file) => file.path));
  const imports = protos.flatMap(({ text }) => [...text.matchAll(/(?:^|;)\s*import\s+(?:\w+\s+)?"([^"]+)"/gm)]);
  const missing = new Set(imports.map(([, file = ""]) => file).filter((file) => !present.has(file)));
  return MODULES.filter(([folder, module]) => {
    return !bufYaml.includes(module) && [...missing].some((file) => folder.test(file));
  }).map(([, module]) => module);
}
