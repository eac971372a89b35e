import type { Model } from "../../../model/model.js";
import { STATUS } from "../schemas.js";

/**
 * Types that files with HTTP rules always import, and that grpc-gateway takes into account for names: those of
 * descriptor.proto, http.proto and status.proto whose names are likely to occur in other packages too.
 */
const ALWAYS_KNOWN = [
  "google.api.Http",
  "google.api.HttpRule",
  "google.protobuf.Any",
  "google.protobuf.DescriptorProto.ExtensionRange",
  "google.protobuf.DescriptorProto.ReservedRange",
  "google.protobuf.Edition",
  "google.protobuf.FeatureSet",
  "google.protobuf.FeatureSet.EnumType",
  "google.protobuf.FeatureSet.FieldPresence",
  "google.protobuf.FeatureSet.JsonFormat",
  "google.protobuf.FeatureSet.MessageEncoding",
  "google.protobuf.FieldDescriptorProto.Label",
  "google.protobuf.FieldDescriptorProto.Type",
  "google.protobuf.FieldOptions.CType",
  "google.protobuf.FieldOptions.JSType",
  "google.protobuf.FileOptions.OptimizeMode",
  "google.protobuf.GeneratedCodeInfo.Annotation",
  "google.protobuf.GeneratedCodeInfo.Annotation.Semantic",
  "google.protobuf.MethodOptions.IdempotencyLevel",
  "google.protobuf.SourceCodeInfo.Location",
  "google.protobuf.UninterpretedOption.NamePart",
  STATUS,
];

/**
 * The names of Swagger definitions by full type name, as grpc-gateway makes them. A name consists of the shortest
 * ending of the full name that no other type or RPC has, and of the part before it, joined without a separator. For
 * example, `etcdserverpb.RangeRequest` becomes `etcdserverpbRangeRequest`, and `etcdserverpb.RangeRequest.SortOrder`
 * becomes `RangeRequestSortOrder`.
 *
 * @see https://grpc-ecosystem.github.io/grpc-gateway/docs/mapping/customizing_openapi_output/#openapi-name-strategy
 */
export function swaggerNames(model: Model): ReadonlyMap<string, string> {
  const rpcs = model.files.flatMap((file) => file.services).flatMap((service) => service.rpcs);
  const known = new Set([
    ...Object.keys(model.messages),
    ...Object.keys(model.enums),
    ...rpcs.map((rpc) => rpc.name),
    ...ALWAYS_KNOWN,
  ]);
  const endings = new Map<string, number>();
  for (const name of known) {
    for (const ending of endingsOf(name)) endings.set(ending, (endings.get(ending) ?? 0) + 1);
  }
  const names = new Map<string, string>();
  const given = new Set<string>();
  for (const name of known) {
    const shortest = endingsOf(name).findIndex((ending) => endings.get(ending) === 1);
    const parts = name.split(".");
    const joined = parts.slice(Math.max(0, parts.length - shortest - 2)).join("");
    // Without a separator, `a.bC` and `ab.C` have the same name.
    names.set(name, given.has(joined) ? name : joined);
    given.add(joined);
  }
  return names;
}

/** Returns the endings of a name: `c`, `b.c`, `a.b.c`, and `.a.b.c`, which no other name has. */
function endingsOf(name: string): readonly string[] {
  const parts = `.${name}`.split(".");
  return parts.map((_, index) => parts.slice(parts.length - 1 - index).join("."));
}
