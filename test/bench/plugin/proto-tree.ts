/** The size of a tree of protos. */
export interface TreeSize {
  readonly files: number;
  readonly messages: number;
  readonly fieldsPerMessage: number;
  readonly rpcs: number;
  /** The number of bindings of all RPCs together. */
  readonly bindings: number;
}

/** The size of Temporal's API: its services and all types that they use. */
export const TEMPORAL_SIZE: TreeSize = { files: 55, messages: 820, fieldsPerMessage: 6, rpcs: 134, bindings: 226 };

/** The size of a large API. */
export const LARGE_SIZE: TreeSize = { files: 100, messages: 2000, fieldsPerMessage: 8, rpcs: 400, bindings: 500 };

/**
 * Makes the proto files of a tree of a size, as texts by their paths. The messages of a file use those of the file
 * before it. Every tenth file has a service.
 */
export function protoTree(size: TreeSize): ReadonlyMap<string, string> {
  const services = Math.ceil(size.files / 10);
  const paths = Array.from({ length: size.files }, (_, index) => pathOf(index));
  return new Map(
    paths.map((path, index) => [
      path,
      [
        'syntax = "proto3";',
        `package ${packageOf(index)};`,
        'import "google/api/annotations.proto";',
        ...(index === 0 ? [] : [`import "${pathOf(index - 1)}";`]),
        ...(index % 10 === 0 ? [service(size, index, share(size.rpcs, services, index / 10))] : []),
        ...rangeOf(share(size.messages, size.files, index)).map((number) => message(size, index, number)),
        "",
      ].join("\n"),
    ]),
  );
}

/** Divides `total` items among parts. Returns the range of one part. */
function share(total: number, parts: number, index: number): readonly [number, number] {
  return [Math.floor((total * index) / parts), Math.floor((total * (index + 1)) / parts)];
}

function rangeOf([start, end]: readonly [number, number]): readonly number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

/**
 * Writes a message. Messages with odd numbers contain fields of messages with even numbers. All have lists of their own
 * type.
 */
function message({ fieldsPerMessage, messages, files }: TreeSize, file: number, number: number): string {
  const owner = Math.max(0, file - 1);
  const even = rangeOf(share(messages, files, owner)).filter((each) => each % 2 === 0);
  const fields = Array.from({ length: fieldsPerMessage - 1 }, (_, index) => {
    const nested = number % 2 === 1 ? `${packageOf(owner)}.Message${even[(number + index) % even.length]}` : "string";
    const type = ["int64", nested, `repeated Message${number}`, "bool", "repeated string", "bytes"][index % 6];
    return `  // What is told by field ${index} of this message.\n  ${type} some_field_${index} = ${index + 2};`;
  });
  return `// Tells of a message.\nmessage Message${number} {\n  string id = 1;\n${fields.join("\n")}\n}`;
}

function service(size: TreeSize, file: number, range: readonly [number, number]): string {
  const messages = rangeOf(share(size.messages, size.files, file));
  const type = (number: number): string => `Message${messages[number % messages.length]}`;
  const rpcs = rangeOf(range).map((number) => {
    const [first, end] = share(size.bindings, size.rpcs, number);
    const more = rangeOf([first + 1, end]).map(
      (binding) => `additional_bindings { get: "/api/${file}/{id}/${number}/${binding}" }`,
    );
    const rule = `{ post: "/v1/${file}/things/{id}/${number}" body: "*" ${more.join(" ")} }`;
    return `  // Does something.\n  rpc DoSomething${number}(${type(number)}) returns (${type(number + 1)}) {\n    option (google.api.http) = ${rule};\n  }`;
  });
  return `service Service${file} {\n${rpcs.join("\n")}\n}`;
}

function packageOf(file: number): string {
  return `bench.area${file}.v1`;
}

function pathOf(file: number): string {
  return `bench/area${file}/v1/things.proto`;
}
