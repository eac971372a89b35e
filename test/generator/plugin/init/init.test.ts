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
import { init } from "../../../../generator/plugin/init/init.js";
import { runBuf } from "../../../../generator/regenerate/buf.js";

const COMMAND = fileURLToPath(new URL("../../../../generator/plugin/protoc-gen-express-gateway.ts", import.meta.url));
const RULE = `import "google/api/annotations.proto"; message M {}
service S { rpc R(M) returns (M) { option (google.api.http) = { get: "/v1" }; } }`;
const PROTO = `syntax = "proto3"; package p; ${RULE}`;

/** Copies of the files with the rules' option, which buf would otherwise fetch. */
const VENDORED = {
  "proto/google/api/annotations.proto": `syntax = "proto3"; package google.api; import "google/api/http.proto";
    import "google/protobuf/descriptor.proto"; extend google.protobuf.MethodOptions { HttpRule http = 72295728; }`,
  "proto/google/api/http.proto": 'syntax = "proto3"; package google.api; message HttpRule { string get = 2; }',
};

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

/** Which files buf asks plugins for, in a folder where `init` has run. */
async function askedFor(folder: string): Promise<readonly string[]> {
  const template = parse(await readFile(path.join(folder, "buf.gen.yaml"), "utf8"));
  // A second request fails: each would write an index.ts.
  const save = 'require("fs").writeFileSync("asked.bin", require("fs").readFileSync(0), { flag: "wx" })';
  template.plugins = [{ local: [process.execPath, "-e", save], out: "out", strategy: "all" }];
  const asked = path.join(folder, "asked.bin");
  await writeFile(path.join(folder, "buf.gen.yaml"), JSON.stringify(template));
  await rm(asked, { force: true });
  await runBuf(["generate"], folder);
  return fromBinary(CodeGeneratorRequestSchema, await readFile(asked)).fileToGenerate.sort();
}

/** What `init` says of a folder where it writes nothing. */
async function rejectionOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await folderOf(files);
  const before = await readdir(folder);
  const { output, exitCode } = init(folder, false);
  assert.equal(exitCode, 1);
  assert.deepEqual(await readdir(folder), before);
  return output;
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
    const documented = await readFile(new URL("../../../../docs/generate.md", import.meta.url), "utf8");
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
    assert.deepEqual(inputs, [{ directory: "." }]);
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
    await runBuf(["build"], folder);
    assert.deepEqual(await askedFor(folder), ["a.proto"]);
    // Another's buf.yaml excludes nothing.
    await writeFile(path.join(folder, "buf.yaml"), "version: v2\n");
    assert.deepEqual(await askedFor(folder), ["a.proto"]);
  });

  it("tells the user's protos from others by their full paths", async () => {
    const folder = await folderOf({
      "proto/google/kms/v1/kms.proto": `syntax = "proto3"; package google.kms.v1; ${RULE}`,
      "proto/openapi/v1/a.proto": 'syntax = "proto3"; package openapi.v1;',
      "proto/validate/mine.proto": 'syntax = "proto3"; package validate;',
      "proto/validate/validate.proto": 'syntax = "proto3"; package validate;',
      ...VENDORED,
    });
    const { output, exitCode } = init(folder, false);
    assert.equal(exitCode, 0);
    assert.match(output, /^Left out proto\/google\/api, proto\/validate\/validate\.proto: protos of other projects\./m);
    assert.doesNotMatch(output, /No RPC has an HTTP rule/);
    assert.deepEqual(await askedFor(folder), ["google/kms/v1/kms.proto", "openapi/v1/a.proto", "validate/mine.proto"]);
  });

  it("serves the protos of others if there are only those", async () => {
    const text = (name: string): string =>
      `syntax = "proto3"; package ${name}; message M {}\nservice S { rpc R(M) returns (M); }`;
    const cases: readonly (readonly [Readonly<Record<string, string>>, readonly string[]])[] = [
      [
        {
          "proto/google/longrunning/a.proto": `syntax = "proto3"; package l; ${RULE}`,
          "proto/google/bytestream/b.proto": text("b"),
          ...VENDORED,
        },
        ["google/longrunning/a.proto"],
      ],
      [
        { "proto/google/bytestream/a.proto": text("b"), "proto/google/type/a.proto": 'syntax = "proto3"; package t;' },
        ["google/bytestream/a.proto"],
      ],
      [{ "proto/google/type/a.proto": 'syntax = "proto3"; package t;' }, ["google/type/a.proto"]],
    ];
    for (const [files, asked] of cases) {
      const folder = await folderOf(files);
      assert.equal(init(folder, false).exitCode, 0);
      assert.deepEqual(await askedFor(folder), asked);
    }
  });

  it("names the places of many protos of others only by number", async () => {
    const others = [..."abcdefghi"].map((name) => [`proto/google/rpc/${name}.proto`, 'syntax = "proto3";'] as const);
    const files = { ...Object.fromEntries(others), "proto/google/rpc/x/y/z.proto": PROTO };
    const { output } = await initIn(files);
    assert.match(output, /^Left out the 9 exclude_paths in buf\.gen\.yaml: /m);
  });

  it("takes the directories of a buf.work.yaml, and writes no buf.yaml that buf would reject", async () => {
    const files = {
      "buf.work.yaml": "version: v1\ndirectories:\n  - a\n  - ./b\n  - vendor\n",
      "a/x.proto": 'syntax = "proto3"; package x; import "y.proto"; message X { y.Y y = 1; }',
      "b/buf.yaml": "version: v1\n",
      "b/y.proto": 'syntax = "proto3"; package y; message Y {}',
      "vendor/google/type/a.proto": 'syntax = "proto3"; package t;',
    };
    const folder = await folderOf(files);
    const { output, exitCode } = init(folder, false);
    assert.equal(exitCode, 0);
    assert.match(output, /^Protos: a, b\nWrote buf\.gen\.yaml\n/);
    assert.deepEqual(await askedFor(folder), ["x.proto", "y.proto"]);

    const lacking = await initIn({ ...files, "a/x.proto": PROTO, "b/y.proto": PROTO });
    assert.deepEqual(lacking.wrote.slice(0, 2), ["a/buf.yaml", "buf.gen.yaml"]);
    assert.equal(await lacking.read("a/buf.yaml"), "version: v1\ndeps:\n  - buf.build/googleapis/googleapis\n");
    assert.match(lacking.output, /: add buf\.build\/googleapis\/googleapis to deps in b\/buf\.yaml first\.$/m);
    assert.match(lacking.output, /^ {2}npx buf dep update a\n {2}npx buf dep update b\n/m);

    assert.match(await rejectionOf({ ...files, "buf.yaml": "" }), /both buf\.work\.yaml and buf\.yaml: remove one/);
    assert.match(
      await rejectionOf({ ...files, "buf.work.yaml": "version: v1\n" }),
      /buf\.work\.yaml lists no directories/,
    );
  });

  it("takes every usual folder, and a buf.yaml in one", async () => {
    const files = {
      "proto/x.proto": 'syntax = "proto3"; package x; message X {}',
      "api/y.proto": 'syntax = "proto3"; package y; import "x.proto"; message Y { x.X x = 1; }',
    };
    const folder = await folderOf(files);
    assert.match(init(folder, false).output, /^Protos: proto, api\n/);
    assert.deepEqual(await askedFor(folder), ["x.proto", "y.proto"]);

    // buf accepts an import path only once.
    const twice = await initIn({ ...files, "api/x.proto": "" });
    assert.match(twice.output, /^Left out api: it has x\.proto, and so has proto\. /m);

    assert.match(twice.output, /^Protos: proto\n/);

    const settings = "version: v1\ndeps:\n  - buf.build/googleapis/googleapis\n";
    const { wrote, output } = await initIn({ ...files, "proto/x.proto": PROTO, "proto/buf.yaml": settings });
    assert.ok(!wrote.includes("buf.yaml"));
    assert.match(output, /^Left out api: proto has its own buf\.yaml\. /m);
    assert.doesNotMatch(output, /dep update/);
  });

  it("names a file that it cannot read", async () => {
    assert.match(await rejectionOf({ "a.proto": PROTO, "package.json": "{" }), /: cannot read package\.json: .*JSON/);
    const broken = "version: v2\nmodules: [a: b: c\n";
    assert.match(
      await rejectionOf({ "a.proto": PROTO, "buf.yaml": broken }),
      /: cannot read buf\.yaml: .* at line 2, /,
    );
    assert.match(await rejectionOf({ "a/a.proto": PROTO, "buf.work.yaml": broken }), /: cannot read buf\.work\.yaml: /);
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
      "buf.build/bufbuild/protovalidate",
      "buf.build/googleapis/googleapis",
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

  it("finds rules in YAML, and serves RPCs without any", async () => {
    const plain = 'syntax = "proto3"; message M {} service S { rpc R(M) returns (M); }';
    const configured = await initIn({ "a.proto": plain, "api.yaml": "http:\n  rules:\n  - selector: S.R\n" });
    assert.ok(parse(await configured.read("buf.gen.yaml")).plugins[1].opt.includes("grpc_api_configuration=api.yaml"));
    assert.doesNotMatch(await configured.read("server.ts"), /unboundRpcs/);

    const rules = "http:\n  rules:\n  - selector: S.R\n";
    const beside = await initIn({ "proto/a/b/a.proto": plain, "proto/a/a.yml": rules, "proto/a/b/a.yaml": rules });
    assert.deepEqual(
      parse(await beside.read("buf.gen.yaml")).plugins[1].opt.filter((option: string) =>
        option.includes("configuration"),
      ),
      ["grpc_api_configuration=proto/a/a.yml", "grpc_api_configuration=proto/a/b/a.yaml"],
    );

    const bare = await initIn({ "a.proto": plain, "other.yaml": "http: {}\n" });
    assert.match(await bare.read("server.ts"), /access: \{ unboundRpcs: true \},/);
    assert.match(bare.output, /^No RPC has an HTTP rule: /m);

    const messages = await initIn({ "a.proto": 'syntax = "proto3"; message M {}' });
    assert.match(messages.output, /^Your protos declare no service, /m);
    assert.doesNotMatch(messages.output, /No rpc/);
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
      "protoc-gen-express-gateway init: buf.gen.yaml and server.ts already exist, so nothing was written: " +
        "use --force to replace\n",
    );
    assert.deepEqual((await readdir(folder)).sort(), ["buf.gen.yaml", "proto", "server.ts"]);
    assert.equal(await readFile(path.join(folder, "server.ts"), "utf8"), "mine");
    assert.equal(init(folder, true).exitCode, 0);
    assert.match(await readFile(path.join(folder, "server.ts"), "utf8"), /createGateway/);
  });

  it("needs protos", async () => {
    const { output, exitCode } = init(await folderOf({ "node_modules/x/a.proto": PROTO }), false);
    assert.equal(exitCode, 1);
    assert.match(output, /found no \.proto files/);
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
    assert.match(stderr, /already exist/);
    assert.match((await run(["--help"], folder))[1], /^Usage: protoc-gen-express-gateway init/);
    const [wrong, , usage] = await run(["innit"], folder);
    assert.equal(wrong, 2);
    assert.match(usage, /^protoc-gen-express-gateway: unexpected argument "innit"\nUsage: /);
    await rm(folder, { recursive: true });
  });
});
