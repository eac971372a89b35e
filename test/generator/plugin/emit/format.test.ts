import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import type { GeneratedFile } from "../../../../generator/plugin/emit/source/generated-file.js";
import { specifierOrder } from "../../../../generator/plugin/emit/source/module-ref.js";
import { naturalOrder } from "../../../../generator/plugin/emit/source/natural-order.js";
import { compile } from "../compile.js";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

/** What would go wrong if a line were too long, a list broken that fits, or an import out of order. */
const LONG = "Loooooooooooooooooooooooooooooooooooooooooooong";
const AWKWARD = `syntax = "proto3";
package awkward.v10;
import "google/api/annotations.proto";
import "awkward/v2/b.proto";
import "awkward/v10/deeper/c.proto";

// It's "quoted" and has \\\\ and \`code\` and \${dollar} and tabs:	.
service Quotes {
  rpc A(M) returns (m2) {
    option (google.api.http) = { get: "/it's" additional_bindings { get: "/it's/{s}/%22%27" } };
  }
  rpc B(awkward.v2.M) returns (awkward.v10.deeper.M);
  rpc C(m10) returns (M10) {
    option (google.api.http) = { get: "/v1/{inner.inner.inner.inner.inner.inner.inner.inner.inner.inner.s=aaaaaaaaaaaa/*/bbbbbbbb/*/cccccccc}" };
  }
}
service ${LONG} {
  rpc ${LONG}(${LONG}Request) returns (${LONG}Response) {
    option (google.api.http) = {
      post: "/v1/${LONG}/${LONG}/${LONG}"
      body: "*"
    };
  }
}
message M { string s = 1; M inner = 2; }
message m2 { string s = 1; }
message m10 { string s = 1; m10 inner = 2; }
message M10 { string s = 1; }
message ${LONG}Request { string s = 1; }
message ${LONG}Response { string s = 1; }
`;

/** A file whose names and modules are in what we hold for the formatter's order. */
function importOrder(): GeneratedFile {
  const names = fc.sample(fc.stringMatching(/^[AaBbZz_][AaBbZz019_]{0,5}$/), { numRuns: 150, seed: 7 });
  const modules = fc.sample(fc.stringMatching(/^(\.|(\.\.\/){0,3}\.\.)(\/[AaBb_0-9-]{1,4}){1,3}\.js$/), {
    numRuns: 50,
    seed: 7,
  });
  const lines = [...new Set(modules)].sort(specifierOrder).map((module) => `export * from "${module}";\n`);
  const list = [...new Set(names)].sort(naturalOrder).map((name) => `  ${name},\n`);
  return { path: "import-order.ts", content: `export {\n${list.join("")}} from "x";\n${lines.join("")}` };
}

describe("what the plugin writes", () => {
  let folder: string;
  before(async () => {
    // Inside the repository, so that the formatter finds the project's settings.
    await mkdir(path.join(ROOT, ".cache"), { recursive: true });
    folder = await mkdtemp(path.join(ROOT, ".cache/format-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is formatted and has no lint", async () => {
    const kitchenSink = await readFile(new URL("../golden/kitchen-sink/input.proto", import.meta.url), "utf8");
    const other = (name: string): string => `syntax = "proto3"; package ${name}; message M { string s = 1; }`;
    const { files } = await compile(
      {
        "kitchen/sink.proto": kitchenSink,
        "awkward/v10/a.proto": AWKWARD,
        "awkward/v2/b.proto": other("awkward.v2"),
        "awkward/v10/deeper/c.proto": other("awkward.v10.deeper"),
      },
      "messages=messages",
    );
    for (const file of [...files, importOrder()]) {
      await mkdir(path.dirname(path.join(folder, file.path)), { recursive: true });
      await writeFile(path.join(folder, file.path), file.content);
    }
    const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
    const args = [biome, "check", "--vcs-enabled=false", "--error-on-warnings", folder];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: ROOT }).catch(
      (error: unknown) =>
        assert.fail(error instanceof Error && "stderr" in error ? String(error.stderr) : String(error)),
    );
    assert.match(stdout + stderr, new RegExp(`Checked ${files.length + 1} files`));
  });
});
