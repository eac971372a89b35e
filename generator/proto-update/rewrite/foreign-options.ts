/**
 * Options that only other tools understand. Their definitions are in no etcd tree, and nothing here reads them: both their
 * imports and every option of theirs are left out.
 */
interface ForeignOptions {
  /** The imports that define them. */
  readonly imports: RegExp;
  /** The protobuf package they are in. */
  readonly package: string;
}

const FOREIGN: readonly ForeignOptions[] = [
  // Go structs made by gogo/protobuf: etcd up to 3.6.
  { imports: /^(?:github\.com\/gogo\/protobuf\/)?gogoproto\//, package: "gogoproto" },
  // API documents made by grpc-gateway, version 2 (etcd from 3.6) and version 1.
  { imports: /(?:^|\/)protoc-gen-openapiv2\/options\//, package: "grpc.gateway.protoc_gen_openapiv2.options" },
  { imports: /(?:^|\/)protoc-gen-swagger\/options\//, package: "grpc.gateway.protoc_gen_swagger.options" },
];

/** Whether an import defines options that are left out. */
export function isForeignImport(path: string): boolean {
  return FOREIGN.some((foreign) => foreign.imports.test(path));
}

/** Whether an option, named as in `option (name)`, is left out. A leading dot is allowed, as in proto. */
export function isForeignOption(name: string): boolean {
  const bare = name.replace(/^\./, "");
  return FOREIGN.some((foreign) => bare.startsWith(`${foreign.package}.`));
}
