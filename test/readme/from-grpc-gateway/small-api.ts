import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type Compiled, compile } from "../../generator/plugin/compile.js";

const KITCHEN = new URL("../../generator/plugin/emit/description/kitchen-sink/", import.meta.url);

/** A file with a message `M` and an RPC for each of these rules; an empty one is none. */
function proto(...rules: readonly string[]): string {
  const rpcs = rules.map((rule, index) => {
    const option = rule === "" ? ";" : ` { option (google.api.http) = { ${rule} }; }`;
    return `rpc R${index}(M) returns (M)${option}`;
  });
  return `syntax = "proto3"; import "google/api/annotations.proto";
    message M { string page_size = 1; repeated string tags = 2; } service S { ${rpcs.join("\n")} }`;
}

/** What the plugin makes of an API with these rules. Fails if there are errors. */
export async function compiled(parameter: string, ...rules: readonly string[]): Promise<Compiled> {
  return compiledFiles(parameter, { "m.proto": proto(...rules) });
}

/** What the plugin makes of these files. Fails if there are errors. */
export async function compiledFiles(parameter: string, files: Readonly<Record<string, string>>): Promise<Compiled> {
  const result = await compile(files, parameter);
  assert.deepEqual(result.errors, []);
  return result;
}

/** A file of options that the tests of descriptions have, as a file to compile. */
export function optionsFile(name: string): Readonly<Record<string, string>> {
  return { [name]: readFileSync(new URL(name, KITCHEN), "utf8") };
}

/** The routes of an API: RPC, method and template. */
export function routesOf({ model }: Compiled): readonly string[] {
  const methods = model.files.flatMap((file) => file.services).flatMap((service) => service.rpcs);
  return methods.flatMap(({ name, bindings }) => bindings.map((each) => `${name} ${each.method} ${each.template}`));
}
