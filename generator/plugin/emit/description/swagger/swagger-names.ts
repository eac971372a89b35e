import type { Model } from "../../../model/model.js";
import { STATUS } from "../schemas.js";

/**
 * What files with HTTP rules import in any case, so that grpc-gateway knows of it: the types of descriptor.proto,
 * http.proto and status.proto whose names are likely to be met again.
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
 * The names of Swagger definitions by full type name, as grpc-gateway makes them: the end of the full name by which it
 * differs from all other types and rpcs, and one part more, joined without a mark. `etcdserverpb.RangeRequest` is
 * `etcdserverpbRangeRequest`, and `etcdserverpb.RangeRequest.SortOrder` is `RangeRequestSortOrder`.
 *
 * @see https://grpc-ecosystem.github.io/grpc-gateway/docs/mapping/customizing_openapi_output/#openapi-name-strategy
 */
export function swaggerNames(model: Model): ReadonlyMap<string, string> {
  const methods = model.files.flatMap((file) => file.services).flatMap((service) => service.methods);
  const known = new Set([
    ...Object.keys(model.messages),
    ...Object.keys(model.enums),
    ...methods.map((method) => method.name),
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
    // Without a mark between the parts, `a.bC` and `ab.C` are alike.
    names.set(name, given.has(joined) ? name : joined);
    given.add(joined);
  }
  return names;
}

/** `c`, `b.c`, `a.b.c`; the whole name, with a dot before it, is like no ending of another. */
function endingsOf(name: string): readonly string[] {
  const parts = `.${name}`.split(".");
  return parts.map((_, index) => parts.slice(parts.length - 1 - index).join("."));
}
