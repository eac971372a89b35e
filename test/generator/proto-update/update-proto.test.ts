import { strict as assert } from "node:assert";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { DescFile, FileRegistry } from "@bufbuild/protobuf";
import { readApi } from "../../../generator/proto-update/changes/read-api.js";
import { compileFolder } from "../../../generator/proto-update/compile.js";
import { type Comments, readComments } from "../../../generator/proto-update/rewrite/comments.js";
import { symbolsOf } from "../../../generator/proto-update/rewrite/symbols.js";
import { folderTree } from "../../../generator/proto-update/tree/source-tree.js";
import { updateProto } from "../../../generator/proto-update/update-proto.js";
import { apiOf, readFacts, VERSIONS, type Version } from "./api-facts.js";
import { writeTree } from "./fixture-tree.js";
import { temporaryFolder } from "./temporary-folder.js";

const PROTO = fileURLToPath(new URL("../../../proto", import.meta.url));

/** A source tree of a version, and a proto folder to update. */
function setUp(t: TestContext, version: Version): { tree: string; proto: string } {
  const folder = temporaryFolder(t);
  const [tree, proto] = [join(folder, `etcd-${version}`), join(folder, "proto")];
  writeTree(tree, readFacts(version));
  cpSync(join(PROTO, "google"), join(proto, "google"), { recursive: true });
  return { tree, proto };
}

const update = async (proto: string, tree: string): Promise<string> => updateProto(proto, await folderTree(tree));

/** Every file below a folder with its text. */
function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => join(entry.parentPath, entry.name)).map((path) => [path, readFileSync(path, "utf8")]),
  );
}

const etcdFiles = (registry: FileRegistry): DescFile[] =>
  [...registry.files].filter((file) => file.name.startsWith("etcd/"));
const commentsIn = async (proto: string): Promise<Comments> => readComments(etcdFiles(await compileFolder(proto)));

/** The symbols that a report lists as without a comment. */
function listed(report: string): string[] {
  const list = /\n\d+ symbols? ha(?:s|ve) no comment\..*\n\n([\s\S]*)\n$/.exec(report)?.[1] ?? "";
  return list.split("\n").flatMap((line) => (line === "" ? [] : [line.trim()]));
}

suite("proto:update takes the API of a source tree", () => {
  for (const version of VERSIONS) {
    test(`etcd ${version}: every RPC, route, message, field and enum, with our comments and none of the tree's`, async (t) => {
      const { tree, proto } = setUp(t, version);
      cpSync(join(PROTO, "etcd"), join(proto, "etcd"), { recursive: true });
      const ours = await commentsIn(proto);
      const report = await update(proto, tree);
      const registry = await compileFolder(proto);
      assert.deepEqual(readApi(registry, "etcd/"), apiOf(readFacts(version)));

      const symbols = etcdFiles(registry).flatMap(symbolsOf);
      assert(symbols.length > 200);
      const kept = readComments(etcdFiles(registry));
      for (const { name } of symbols) {
        assert.deepEqual(kept.get(name), ours.get(name), name);
      }
      const without = symbols.flatMap(({ name }) => (ours.has(name) ? [] : [name]));
      assert.deepEqual(listed(report), without);
      // Ours is the newest API, and etcd has taken nothing away since 3.1.
      assert.deepEqual(without, []);
      for (const [path, text] of contents(join(proto, "etcd"))) {
        assert.doesNotMatch(
          text,
          /as the fixture has it|of two lines|commented_out|aside|not nil|for grpc-gateway/,
          path,
        );
      }
    });
  }

  test("leaves proto/ as it was when the API is the same, but for the order of the elements", async (t) => {
    const { tree, proto } = setUp(t, "3.7");
    cpSync(join(PROTO, "etcd"), join(proto, "etcd"), { recursive: true });
    const linesOf = (): string[] =>
      [...contents(proto).values()].flatMap((text) => text.split("\n").filter((line) => /^\s*\/\//.test(line))).sort();
    const before = linesOf();
    assert.match(await update(proto, tree), /The API has not changed\.\n\nEvery symbol has its comment\.\n$/);
    assert.deepEqual(linesOf(), before);
  });

  test("lists the symbols without a comment of ours, in the order of the files", async (t) => {
    const { tree, proto } = setUp(t, "3.1");
    const report = await update(proto, tree);
    assert.deepEqual(
      listed(report),
      etcdFiles(await compileFolder(proto))
        .flatMap(symbolsOf)
        .map(({ name }) => name),
    );
    assert.match(
      report,
      /\n\d+ symbols have no comment\. Write one above each: .*\n\n {2}etcd\/api\/authpb\/auth\.proto\n/,
    );

    const file = join(proto, "etcd/api/mvccpb/kv.proto");
    const text = readFileSync(file, "utf8");
    assert.doesNotMatch(text, /\/[/*]/);
    writeFileSync(
      file,
      `// Of the file.\n\n${text}`
        .replace(
          "message KeyValue {",
          "/* Of the\n   section. */\n\n//Of the message,\n//\n//  two lines.\nmessage KeyValue {",
        )
        .replace("bytes key = 1;", "bytes key = 1; // Of the key."),
    );
    assert.equal(listed(await update(proto, tree)).length, listed(report).length - 3);
    const commented = readFileSync(file, "utf8");
    assert.match(commented, /^\/\/ Of the file\.\n\nsyntax = /);
    assert.match(
      commented,
      /\n\n\/\/ Of the\n\/\/ section\.\n\n\/\/ Of the message,\n\/\/\n\/\/ {2}two lines\.\nmessage KeyValue \{\n {2}\/\/ Of the key\.\n {2}bytes key = 1;\n/,
    );
    await update(proto, tree);
    assert.equal(readFileSync(file, "utf8"), commented);
  });

  test("keeps since-versions, drops the options of other tools, and lays the files out", async (t) => {
    const { tree, proto } = setUp(t, "3.6");
    await update(proto, tree);
    const text = readFileSync(join(proto, "etcd/api/etcdserverpb/rpc.proto"), "utf8");
    assert.match(text, /^syntax = "proto3";\npackage etcdserverpb;\n\nimport/);
    assert.match(text, /option \(versionpb\.etcd_version_msg\) = "3\.0";/);
    assert.match(text, /\[\(versionpb\.etcd_version_field\) = "3\.6"\]/);
    assert.doesNotMatch(text, /gogoproto|openapiv2/);
    assert.doesNotMatch(text, /\n\s*\n\s*\n/);
  });

  test("removes what the new version does not have, and leaves google/ as it is", async (t) => {
    const { tree, proto } = setUp(t, "3.1");
    cpSync(join(PROTO, "etcd"), join(proto, "etcd"), { recursive: true });
    await update(proto, tree);
    assert.deepEqual(readdirSync(proto).sort(), ["etcd", "google"]);
    const files = [...contents(join(proto, "etcd")).keys()].map((path) => path.slice(proto.length + 1)).sort();
    assert.deepEqual(files, [
      "etcd/api/authpb/auth.proto",
      "etcd/api/etcdserverpb/rpc.proto",
      "etcd/api/mvccpb/kv.proto",
    ]);
    assert.deepEqual(
      [...contents(join(proto, "google")).values()].sort(),
      [...contents(join(PROTO, "google")).values()].sort(),
    );
  });

  test("does the same again when run again", async (t) => {
    const { tree, proto } = setUp(t, "3.5");
    await update(proto, tree);
    const first = contents(proto);
    assert.match(await update(proto, tree), /The API has not changed\./);
    assert.deepEqual(contents(proto), first);
  });

  test("takes along a file of the tree that a later version imports", async (t) => {
    const { tree, proto } = setUp(t, "3.8");
    const rpc = join(tree, "api/etcdserverpb/rpc.proto");
    const text = readFileSync(rpc, "utf8").replace('import "etcd', 'import "etcd/api/newpb/new.proto";\nimport "etcd');
    writeFileSync(rpc, text);
    mkdirSync(join(tree, "api/newpb"));
    writeFileSync(join(tree, "api/newpb/new.proto"), 'syntax = "proto3";\npackage newpb;\nmessage New {}\n');
    await update(proto, tree);
    assert(existsSync(join(proto, "etcd/api/newpb/new.proto")));
  });
});

suite("proto:update rejects, and writes nothing", () => {
  async function rejects(t: TestContext, version: Version, spoil: (tree: string) => void, why: RegExp): Promise<void> {
    const { tree, proto } = setUp(t, version);
    cpSync(join(PROTO, "etcd"), join(proto, "etcd"), { recursive: true });
    spoil(tree);
    const before = contents(proto);
    await assert.rejects(update(proto, tree), (error: unknown) => {
      assert(error instanceof Error);
      assert.equal(error.name, "UpdateError");
      assert.match(error.message, why);
      return true;
    });
    assert.deepEqual(contents(proto), before);
  }
  const edit = (tree: string, path: string, change: (text: string) => string): void => {
    writeFileSync(join(tree, path), change(readFileSync(join(tree, path), "utf8")));
  };

  test("a folder that is no etcd tree", (t) =>
    rejects(
      t,
      "3.7",
      (tree) => {
        rmSync(tree, { recursive: true });
        mkdirSync(tree);
      },
      /is not an etcd source tree.*\n.*3\.5 and later: api\/mvccpb\/kv\.proto, .*\n.*3\.1 to 3\.4: mvcc\/mvccpb\/kv\.proto, /,
    ));

  test("a folder that is not there", (t) =>
    rejects(t, "3.7", (tree) => rmSync(tree, { recursive: true }), /cannot read .*: the folder does not exist/));

  test("a file instead of a folder", (t) =>
    rejects(
      t,
      "3.7",
      (tree) => {
        rmSync(tree, { recursive: true });
        writeFileSync(tree, "");
      },
      /is not a folder/,
    ));

  for (const [version, gone] of [
    ["3.1", "mvcc/mvccpb/kv.proto"],
    ["3.4", "etcdserver/api/v3lock/v3lockpb/v3lock.proto"],
    ["3.5", "api/membershippb/membership.proto"],
    ["3.7", "api/etcdserverpb/rpc.proto"],
  ] as const) {
    test(`a tree of ${version} without ${gone}`, (t) =>
      rejects(t, version, (tree) => rmSync(join(tree, gone)), new RegExp(`is only a part of .* but not ${gone}`)));
  }

  test("a tree without a file that another one imports", (t) =>
    rejects(
      t,
      "3.6",
      (tree) => rmSync(join(tree, "api/versionpb/version.proto")),
      /^api\/membershippb\/membership\.proto:\d+:\d+: imports etcd\/api\/versionpb\/version\.proto, but .* has no api\/versionpb|^api\/etcdserverpb\/rpc\.proto:\d+:\d+: imports etcd\/api\/versionpb\/version\.proto, but/,
    ));

  test("a file that cannot be read", (t) =>
    rejects(
      t,
      "3.7",
      (tree) => {
        rmSync(join(tree, "api/mvccpb/kv.proto"));
        mkdirSync(join(tree, "api/mvccpb/kv.proto"));
      },
      /cannot read .*kv\.proto: /,
    ));

  test("a file that is not UTF-8", (t) =>
    rejects(
      t,
      "3.7",
      (tree) => writeFileSync(join(tree, "api/mvccpb/kv.proto"), Buffer.from([0x2f, 0x2f, 0xff])),
      /kv\.proto is not UTF-8 text/,
    ));

  test("an import that is neither etcd's nor Google's", (t) =>
    rejects(
      t,
      "3.7",
      (tree) =>
        edit(tree, "api/mvccpb/kv.proto", (text) =>
          text.replace("package", 'import "validate/validate.proto";\npackage'),
        ),
      /^api\/mvccpb\/kv\.proto:5:8: imports validate\/validate\.proto, which is neither etcd's nor Google's/,
    ));

  test("a file that is not a proto", (t) =>
    rejects(
      t,
      "3.7",
      (tree) => edit(tree, "api/authpb/auth.proto", (text) => text.slice(0, text.lastIndexOf("}"))),
      /^api\/authpb\/auth\.proto:\d+:\d+: unclosed \{/,
    ));

  test("protos that do not compile", (t) =>
    rejects(
      t,
      "3.7",
      (tree) => edit(tree, "api/mvccpb/kv.proto", (text) => text.replace("bytes key", "Missing key")),
      /do not compile:\netcd\/api\/mvccpb\/kv\.proto:\d+:\d+:.*Missing/,
    ));

  test("a tree from before etcd had HTTP rules", (t) =>
    rejects(
      t,
      "3.1",
      (tree) =>
        edit(tree, "etcdserver/etcdserverpb/rpc.proto", (text) =>
          text.replaceAll(/option \(google\.api\.http\) = \{[^}]*\};/g, ""),
        ),
      /has no RPC with a google\.api\.http rule; etcd has them since 3\.1/,
    ));

  test("a folder to update whose own files do not compile: their comments would be lost", async (t) => {
    const { tree, proto } = setUp(t, "3.4");
    mkdirSync(join(proto, "etcd"));
    writeFileSync(join(proto, "etcd/broken.proto"), "message {");
    await assert.rejects(
      update(proto, tree),
      /proto do not compile, so their comments cannot be kept; mend them, or delete .*proto\/etcd .*:\netcd\/broken\.proto:1:/,
    );
    assert(existsSync(join(proto, "etcd/broken.proto")));
  });

  test("a folder to update that has no google/api", async (t) => {
    const { tree, proto } = setUp(t, "3.7");
    rmSync(join(proto, "google"), { recursive: true });
    await assert.rejects(update(proto, tree), /proto has no folder google\/api/);
    assert.deepEqual(readdirSync(dirname(proto)).sort(), ["etcd-3.7", "proto"]);
  });
});
