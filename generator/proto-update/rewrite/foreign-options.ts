/**
 * Options for other tools only. No etcd tree contains their definitions, and this project does not use them. Both their
 * imports and all their uses are removed.
 */
interface ForeignOptions {
  /** Matches the imports that define them. */
  readonly imports: RegExp;
  /** The protobuf package that defines them. */
  readonly package: string;
}

const FOREIGN: readonly ForeignOptions[] = [
  // gogo/protobuf, which generates Go structs: etcd up to 3.6.
  { imports: /^(?:github\.com\/gogo\/protobuf\/)?gogoproto\//, package: "gogoproto" },
  // grpc-gateway, which generates API documents: version 2 (etcd from 3.6) and version 1.
  { imports: /(?:^|\/)protoc-gen-openapiv2\/options\//, package: "grpc.gateway.protoc_gen_openapiv2.options" },
  { imports: /(?:^|\/)protoc-gen-swagger\/options\//, package: "grpc.gateway.protoc_gen_swagger.options" },
];

/** Whether an import defines options that are removed. */
export function isForeignImport(path: string): boolean {
  return FOREIGN.some((foreign) => foreign.imports.test(path));
}

/** Whether an option, named as in `option (name)`, is removed. The name may begin with a dot, as in proto. */
export function isForeignOption(name: string): boolean {
  const bare = name.replace(/^\./, "");
  return FOREIGN.some((foreign) => bare.startsWith(`${foreign.package}.`));
}
