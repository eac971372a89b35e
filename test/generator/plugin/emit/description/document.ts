import { compile } from "../../compile.js";

/** Parsed JSON. Reading a missing member returns `undefined`; reading a member of something else throws. */
export type Document = Readonly<Record<string, unknown>>;

const HEAD = `syntax = "proto3";
package test.v1;
import "google/api/annotations.proto";
`;

/** Generates both descriptions of an API. It is given as the text of a proto3 file in the package `test.v1`. */
export async function describe(
  proto: string,
  parameter = "",
  imports: readonly string[] = [],
): Promise<{ readonly openapi: Document; readonly swagger: Document }> {
  const options = `openapi=openapi.json,swagger=swagger.json${parameter === "" ? "" : `,${parameter}`}`;
  const compiled = await compile(
    { "test/v1/test.proto": HEAD + imports.map((file) => `import "${file}";\n`).join("") + proto },
    options,
  );
  if (compiled.errors.length > 0) throw new Error(compiled.errors.join("\n"));
  return { openapi: JSON.parse(compiled.file("openapi.json")), swagger: JSON.parse(compiled.file("swagger.json")) };
}

/** Returns the value at a path of names in a document. */
export function at(document: unknown, ...names: readonly (string | number)[]): unknown {
  let value = document;
  for (const name of names) {
    if (typeof value !== "object" || value === null) throw new Error(`no ${names.join(" > ")}`);
    value = (value as Readonly<Record<string | number, unknown>>)[name];
  }
  return value;
}

/** Returns the operations of a document, by method and path: `POST /v3/kv/range`. */
export function operationsIn(document: Document): ReadonlyMap<string, unknown> {
  const paths = Object.entries(at(document, "paths") as Document);
  return new Map(
    paths.flatMap(([path, item]) =>
      Object.entries(item as Document)
        .filter(([method]) => method !== "servers")
        .map(([method, operation]): [string, unknown] => [`${method.toUpperCase()} ${path}`, operation]),
    ),
  );
}
