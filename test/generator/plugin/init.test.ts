import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { fromBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema } from "@bufbuild/protobuf/wkt";
import { parse } from "yaml";
import { init } from "../../../generator/plugin/init/init.js";
import { runBuf } from "../../../generator/regenerate/buf.js";

const COMMAND = fileURLToPath(new URL("../../../generator/plugin/protoc-gen-express-gateway.ts", import.meta.url));
const RULE = `import "google/api/annotations.proto"; message M {}
service S { rpc R(M) returns (M) { option (google.api.http) = { get: "/v1" }; } }`;
const PROTO = `syntax = "proto3"; package p; ${RULE}`;

const folders: string[] = [];

/** A folder with these files. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "init-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return folder;
}

/** What `init` makes of these files: the names of what it wrote, and the command's output. */
async function initIn(
  files: Readonly<Record<string, string>>,
  force = false,
): Promise<{
  readonly wrote: readonly string[];
  readonly output: string;
  readonly read: (name: string) => Promise<string>;
}> {
  const folder = await folderOf(files);
  const { output, exitCode } = init(folder, force);
  assert.equal(exitCode, 0, output);
  const wrote = output.split("\n").flatMap((line) => /^Wrote (.*)$/.exec(line)?.[1] ?? []);
  return { wrote, output, read: (name) => readFile(path.join(folder, name), "utf8") };
}

describe("init", () => {
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  it("writes all that a folder of protos lacks, and says what to run", async () => {
    const { wrote, output, read } = await initIn({ "proto/a.proto": PROTO });
    assert.deepEqual(wrote, ["buf.yaml", "buf.gen.yaml", "server.ts", "tsconfig.json", "package.json"]);
    assert.deepEqual(parse(await read("buf.yaml")), {
      version: "v2",
      modules: [{ path: "proto" }],
      deps: ["buf.build/googleapis/googleapis"],
    });
    assert.deepEqual(
      output.split("\n").filter((line) => line.startsWith("  ")),
      [
        "  npm install @etcd-gateway/runtime @etcd-gateway/client @grpc/grpc-js @bufbuild/protobuf express",
        "  npm install --save-dev @bufbuild/buf ts-proto protoc-gen-express-gateway typescript @types/express @types/node",
        "  npx buf dep update",
        "  npx buf generate",
        "  npx tsc",
        "  GRPC_ENDPOINT=127.0.0.1:50051 node dist/server.js",
      ],
    );
  });

  it("writes the buf.gen.yaml of the documentation", async () => {
    const { read } = await initIn({ "proto/a.proto": PROTO });
    const documented = await readFile(new URL("../../../docs/generate.md", import.meta.url), "utf8");
    const block = /^```yaml\n(version: v2\nclean: true\n.*?)^```$/ms.exec(documented)?.[1] ?? "";
    assert.equal(await read("buf.gen.yaml"), block);
  });

  it("takes the modules of a buf.yaml, and a src folder, and what is installed", async () => {
    const { wrote, output, read } = await initIn({
      "buf.yaml": "version: v2\nmodules:\n  - path: a\n  - path: ./b/c\ndeps:\n  - buf.build/googleapis/googleapis\n",
      "a/x.proto": PROTO,
      "b/c/y.proto": 'syntax = "proto3"; package y;',
      "src/index.ts": "",
      "tsconfig.json": "{}",
      "package.json": '{"dependencies":{"express":"5"},"devDependencies":{"typescript":"5","@types/node":"20"}}',
    });
    assert.deepEqual(wrote, ["buf.gen.yaml", "src/server.ts"]);
    const { inputs, plugins } = parse(await read("buf.gen.yaml"));
    assert.deepEqual(inputs, [{ directory: "a" }, { directory: "b/c" }]);
    assert.deepEqual(
      plugins.map(({ out }: { readonly out: string }) => out),
      ["src/generated/messages", "src/generated"],
    );
    assert.match(output, /^ {2}npm pkg set type=module$/m);
    assert.match(
      output,
      /^ {2}npm install @etcd-gateway\/runtime @etcd-gateway\/client @grpc\/grpc-js @bufbuild\/protobuf$/m,
    );
    assert.match(
      output,
      /^ {2}npm install --save-dev @bufbuild\/buf ts-proto protoc-gen-express-gateway @types\/express$/m,
    );
    assert.doesNotMatch(output, /dep update/);
  });

  it("leaves out the protos of others, and puts a prefix before types that need one", async () => {
    const { read } = await initIn({
      "proto/a.proto": PROTO.replace("message M", "message Map {} message M").replaceAll("; m", ";\nm"),
      "proto/google/api/annotations.proto": 'syntax = "proto3";',
      "proto/buf/validate/validate.proto": 'syntax = "proto2";',
    });
    const { inputs, plugins } = parse(await read("buf.gen.yaml"));
    assert.deepEqual(inputs, [{ directory: "proto", exclude_paths: ["proto/buf", "proto/google"] }]);
    assert.ok(plugins[0].opt.includes("typePrefix=Pb"));
    assert.ok(plugins[1].opt.includes("type_prefix=Pb"));
    assert.deepEqual(parse(await read("buf.yaml")), { version: "v2", modules: [{ path: "proto" }] });
  });

  it("leaves the protos of installed packages alone, if those of the user are at the top", async () => {
    const same = 'syntax = "proto3"; package x; message M {}';
    const folder = await folderOf({
      "a.proto": 'syntax = "proto3"; package p; message M {}',
      // Two packages may have the same messages, which cannot be compiled together.
      "node_modules/x/x.proto": same,
      "node_modules/y/y.proto": same,
    });
    assert.equal(init(folder, false).exitCode, 0);
    const template = parse(await readFile(path.join(folder, "buf.gen.yaml"), "utf8"));
    const names = [process.execPath, "-e", 'require("fs").writeFileSync("asked.bin", require("fs").readFileSync(0))'];
    template.plugins = [{ local: names, out: "out", strategy: "all" }];
    await writeFile(path.join(folder, "buf.gen.yaml"), JSON.stringify(template));
    await runBuf(["build"], folder);
    await runBuf(["generate"], folder);
    const asked = fromBinary(CodeGeneratorRequestSchema, await readFile(path.join(folder, "asked.bin")));
    assert.deepEqual(asked.fileToGenerate, ["a.proto"]);
    // Another's buf.yaml excludes nothing.
    await writeFile(path.join(folder, "buf.yaml"), "version: v2\n");
    await runBuf(["generate"], folder);
    const again = fromBinary(CodeGeneratorRequestSchema, await readFile(path.join(folder, "asked.bin")));
    assert.deepEqual(again.fileToGenerate, ["a.proto"]);
  });

  it("knows where buf finds protos that many import", async () => {
    const imports = [
      "buf/validate/validate",
      "protoc-gen-openapiv2/options/annotations",
      "google/protobuf/empty",
      "own",
    ]
      .map((file) => `import "${file}.proto";`)
      .join("\n");
    const text = `syntax = "proto3"; package p;\n${imports}\n${RULE}`;
    const protos = { "proto/a.proto": text, "proto/own.proto": 'syntax = "proto3";' };
    const modules = [
      "buf.build/googleapis/googleapis",
      "buf.build/bufbuild/protovalidate",
      "buf.build/grpc-ecosystem/grpc-gateway",
    ];
    const { output, read } = await initIn(protos);
    assert.deepEqual(parse(await read("buf.yaml")).deps, modules);
    assert.match(output, /^ {2}npx buf dep update$/m);

    const some = "version: v2\nmodules:\n  - path: proto\ndeps:\n  - buf.build/bufbuild/protovalidate\n";
    const configured = await initIn({ ...protos, "buf.yaml": some });
    assert.match(
      configured.output,
      /^Your protos import files .*: add buf\.build\/googleapis\/googleapis and buf\.build\/grpc-ecosystem\/grpc-gateway to deps in buf\.yaml first\.$/m,
    );

    const vendored = {
      "proto/google/api/annotations.proto": 'syntax = "proto3";',
      "proto/buf/validate/validate.proto": 'syntax = "proto2";',
      "proto/protoc-gen-openapiv2/options/annotations.proto": 'syntax = "proto3";',
    };
    assert.doesNotMatch((await initIn({ ...protos, ...vendored })).output, /dep update/);
  });

  it("has ts-proto leave out defaults that its output does not compile with", async () => {
    const text = 'syntax = "proto2"; message M { optional float f = 1 [default = -inf]; }';
    const { read } = await initIn({ "a.proto": text });
    assert.ok(parse(await read("buf.gen.yaml")).plugins[0].opt.includes("disableProto2DefaultValues=true"));
    const { read: readPlain } = await initIn({ "a.proto": text.replace("-inf", "1.5") });
    assert.doesNotMatch(await readPlain("buf.gen.yaml"), /disableProto2/);
  });

  it("finds rules in YAML, and serves rpcs without any", async () => {
    const plain = 'syntax = "proto3"; message M {} service S { rpc R(M) returns (M); }';
    const configured = await initIn({ "a.proto": plain, "api.yaml": "http:\n  rules:\n  - selector: S.R\n" });
    assert.ok(parse(await configured.read("buf.gen.yaml")).plugins[1].opt.includes("grpc_api_configuration=api.yaml"));
    assert.doesNotMatch(await configured.read("server.ts"), /unboundRpcs/);

    const bare = await initIn({ "a.proto": plain, "other.yaml": "http: {}\n" });
    assert.match(await bare.read("server.ts"), /access: \{ unboundRpcs: true \},/);
    assert.match(bare.output, /^No rpc has an HTTP rule: /m);
  });

  it("generates into no folder that holds something else, since buf would remove it", async () => {
    const other = await initIn({ "proto/a.proto": PROTO, "generated/precious.txt": "" });
    assert.match(await other.read("server.ts"), /from "\.\/gateway\/index\.js";/);
    const own = await initIn({
      "proto/a.proto": PROTO,
      "generated/index.ts": "// Code generated by protoc-gen-express-gateway v0. DO NOT EDIT.\n",
    });
    assert.match(await own.read("server.ts"), /from "\.\/generated\/index\.js";/);
  });

  it("replaces no file without being told", async () => {
    const folder = await folderOf({ "proto/a.proto": PROTO, "server.ts": "mine", "buf.gen.yaml": "mine" });
    const { output, exitCode } = init(folder, false);
    assert.equal(exitCode, 1);
    assert.equal(
      output,
      "protoc-gen-express-gateway init: buf.gen.yaml and server.ts exist already, so nothing was written: " +
        "add --force to replace\n",
    );
    assert.deepEqual((await readdir(folder)).sort(), ["buf.gen.yaml", "proto", "server.ts"]);
    assert.equal(await readFile(path.join(folder, "server.ts"), "utf8"), "mine");
    assert.equal(init(folder, true).exitCode, 0);
    assert.match(await readFile(path.join(folder, "server.ts"), "utf8"), /createGateway/);
  });

  it("needs protos", async () => {
    const { output, exitCode } = init(await folderOf({ "node_modules/x/a.proto": PROTO }), false);
    assert.equal(exitCode, 1);
    assert.match(output, /there are no \.proto files here/);
  });
});

describe("the executable", () => {
  async function run(args: readonly string[], cwd: string): Promise<readonly [number, string, string]> {
    return new Promise((resolve) => {
      const flags = ["--import", import.meta.resolve("tsx"), COMMAND, ...args];
      execFile(process.execPath, flags, { cwd }, (error, stdout, stderr) =>
        resolve([typeof error?.code === "number" ? error.code : 0, stdout, stderr]),
      );
    });
  }

  it("is a command if it is given arguments", async () => {
    const folder = await folderOf({ "proto/a.proto": PROTO });
    const [code, stdout] = await run(["init"], folder);
    assert.equal(code, 0);
    assert.match(stdout, /^Protos: proto\nWrote buf\.yaml\n/);
    const [again, , stderr] = await run(["init"], folder);
    assert.equal(again, 1);
    assert.match(stderr, /exist already/);
    assert.match((await run(["--help"], folder))[1], /^Usage: protoc-gen-express-gateway init/);
    const [wrong, , usage] = await run(["innit"], folder);
    assert.equal(wrong, 2);
    assert.match(usage, /^Usage: /);
    await rm(folder, { recursive: true });
  });
});
