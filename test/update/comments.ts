import type { DescFile } from "@bufbuild/protobuf";

/** An element of a file, by its full name, and the comment above it. */
export interface CommentedElement {
  readonly name: string;
  readonly comment: string;
}

/** Services, rpcs, messages, fields, enums, values and extensions of a file, with the comments that the compiler sees there. */
export function commentsOf({ proto, messages, enums, services, extensions }: DescFile): CommentedElement[] {
  const comments = new Map(
    (proto.sourceCodeInfo?.location ?? []).map(({ path, leadingComments }) => [path.join(), leadingComments.trim()]),
  );
  // The paths are of field numbers in google/protobuf/descriptor.proto and of indices.
  const at = (name: string, ...path: number[]): CommentedElement => ({
    name,
    comment: comments.get(path.join()) ?? "",
  });
  return [
    ...messages.flatMap((message, m) => [
      at(message.typeName, 4, m),
      ...message.fields.map((field, f) => at(`${message.typeName}.${field.name}`, 4, m, 2, f)),
      ...message.nestedEnums.flatMap((type, e) => [
        at(type.typeName, 4, m, 4, e),
        ...type.values.map((value, v) => at(`${type.typeName}.${value.name}`, 4, m, 4, e, 2, v)),
      ]),
    ]),
    ...enums.flatMap((type, e) => [
      at(type.typeName, 5, e),
      ...type.values.map((value, v) => at(`${type.typeName}.${value.name}`, 5, e, 2, v)),
    ]),
    ...services.flatMap((service, s) => [
      at(service.typeName, 6, s),
      ...service.methods.map((method, m) => at(`${service.typeName}.${method.name}`, 6, s, 2, m)),
    ]),
    ...extensions.map((extension, x) => at(extension.typeName, 7, x)),
  ];
}
