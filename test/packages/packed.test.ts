import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it, test } from "node:test";
import { readTree } from "../../generator/regenerate/file-tree.js";
import { checkPackage } from "./packing/check-package.js";
import { tarball } from "./packing/tarballs.js";
import { run } from "./project/run-program.js";
import { publishedWorkspaces } from "./project/workspaces.js";

interface Expected {
  readonly name: string;
  /** The files and folders at its top. */
  readonly top: readonly string[];
  /** How large its tarball may be, in bytes. */
  readonly packed: number;
  /** How large its files may be together, in bytes. */
  readonly unpacked: number;
}

/** What the two files of the command have in common. */
const SHARED = "dist/runtime/etcd/command/shared.js";

const EXPECTED: readonly Expected[] = [
  {
    name: "etcd-gateway",
    top: [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "dist",
      "docs",
      "examples",
      "generated",
      "package.json",
      "proto",
      "runtime",
    ],
    packed: 1_300_000,
    unpacked: 7_000_000,
  },
  {
    name: "@etcd-gateway/client",
    top: [
      "LICENSE",
      "README.md",
      "call",
      "channel",
      "codegen",
      "dist",
      "errors",
      "http",
      "index.ts",
      "json",
      "package.json",
      "url",
      "websocket",
    ],
    packed: 150_000,
    unpacked: 1_000_000,
  },
  {
    name: "@etcd-gateway/runtime",
    top: [
      "LICENSE",
      "README.md",
      "bytes",
      "call",
      "codegen",
      "collections",
      "dist",
      "errors",
      "gateway",
      "http",
      "index.ts",
      "json",
      "metrics.ts",
      "modules",
      "observe",
      "options",
      "options.ts",
      "package.json",
      "server",
      "session",
      "timers",
      "tracing.ts",
      "transcode",
      "transport",
      "transports.ts",
      "websocket",
    ],
    packed: 750_000,
    unpacked: 4_000_000,
  },
  {
    name: "@etcd-gateway/explorer",
    top: [
      "LICENSE",
      "README.md",
      "built-page.d.ts",
      "dist",
      "explorer-options.ts",
      "explorer.ts",
      "index.ts",
      "load-page.ts",
      "package.json",
      "page-html.ts",
      "served-file.ts",
      "thrown-text.ts",
    ],
    packed: 300_000,
    unpacked: 450_000,
  },
  {
    name: "protoc-gen-express-gateway",
    top: [
      "LICENSE",
      "README.md",
      "dist",
      "emit",
      "init",
      "model",
      "package.json",
      "plugin-options.ts",
      "plugin.ts",
      "protoc-gen-express-gateway.ts",
      "read",
      "version.ts",
    ],
    packed: 400_000,
    unpacked: 2_000_000,
  },
];

test("all packages that are published are looked at", () => {
  assert.deepEqual(
    EXPECTED.map(({ name }) => name).sort(),
    publishedWorkspaces()
      .map(({ name }) => name)
      .sort(),
  );
});

for (const { name, top, packed, unpacked } of EXPECTED) {
  describe(`the package ${name}`, () => {
    let folder: string;
    let files: ReadonlyMap<string, Buffer>;
    before(async () => {
      folder = await mkdtemp(path.join(tmpdir(), "unpacked-"));
      await run("tar", ["xzf", tarball(name), "-C", folder], folder);
      files = await readTree(path.join(folder, "package"));
    });
    after(() => rm(folder, { recursive: true, force: true }));

    it("has what it should, and no more", () => {
      const paths = [...files.keys()];
      assert.deepEqual([...new Set(paths.map((file) => file.split("/")[0]))].sort(), top);
      const stray = paths.filter((file) => /(^|\/)(test|\.)|\.test\.|tsbuildinfo|\.cache|node_modules/.test(file));
      assert.deepEqual(stray, []);
    });

    it("has the source of everything built, and the other way round", () => {
      const built = [...files.keys()].filter((file) => /^dist\/(?!page\/).*\.js$/.test(file) && file !== SHARED);
      assert.ok(built.length > 3);
      const sources = [...files.keys()].filter((file) => /^(?!dist\/|examples\/).*(?<!\.d)\.ts$/.test(file));
      assert.deepEqual(built.map((file) => file.replace(/^dist\/(.*)\.js$/, "$1.ts")).sort(), sources.sort());
      for (const file of built) {
        for (const beside of [file.replace(/\.js$/, ".d.ts"), `${file}.map`]) assert.ok(files.has(beside), beside);
      }
    });

    it("has every file that its files import", () => {
      for (const [file, content] of files) {
        if (!/\.[cm]?[jt]sx?$/.test(file)) continue;
        for (const [, target = ""] of String(content).matchAll(/^(?:import|export|\}) .*?"(\.{1,2}\/[^"$]+)"/gm)) {
          const imported = path.posix.join(path.posix.dirname(file), target);
          const isThere = files.has(imported) || files.has(imported.replace(/js$/, "ts"));
          assert.ok(isThere, `${file} imports ${target}`);
        }
      }
    });

    it("is of a reasonable size", async () => {
      const { length } = await readFile(tarball(name));
      const total = [...files.values()].reduce((sum, { length }) => sum + length, 0);
      assert.ok(length < packed, `${length} bytes packed`);
      assert.ok(total < unpacked, `${total} bytes unpacked`);
    });

    it("is right in the eyes of npm, publint and attw", () => checkPackage(tarball(name)));

    it("has everything that its pages lead to", () => {
      for (const [page, content] of files) {
        if (!page.endsWith(".md") || page.startsWith("proto/")) continue;
        const links = String(content).matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g);
        for (const [, target = ""] of links) {
          const file = path.posix.join(path.posix.dirname(page), target).replace(/\/$/, "");
          const isThere = files.has(file) || [...files.keys()].some((each) => each.startsWith(`${file}/`));
          assert.ok(isThere, `${page} leads to ${target}`);
        }
      }
    });

    it("says what finds it", () => {
      const { keywords, license, description, engines } = JSON.parse(String(files.get("package.json")));
      assert.ok(keywords.length > 3 && description.length > 20);
      assert.deepEqual([license, typeof engines.node], ["Apache-2.0", "string"]);
    });

    it("has executables that say what runs them", () => {
      const manifest: unknown = JSON.parse(String(files.get("package.json")));
      assert.ok(typeof manifest === "object" && manifest !== null);
      const programs =
        "bin" in manifest && manifest.bin !== null && typeof manifest.bin === "object" ? manifest.bin : {};
      for (const program of Object.values(programs)) {
        assert.match(String(files.get(program)), /^#!\/usr\/bin\/env node\n/);
      }
    });
  });
}

describe("the command as packed", () => {
  it("is few files, one of them for serving, that import only what the package depends on", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "unpacked-"));
    try {
      await run("tar", ["xzf", tarball("etcd-gateway"), "-C", folder, "--strip-components=1"], folder);
      const { dependencies } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
      const importsOf = async (file: string): Promise<Set<string>> => {
        const code = await readFile(path.join(folder, "dist/runtime/etcd/command", file), "utf8");
        const found = code.matchAll(/^(?:import |\} from |.*\bimport\().*?"([^"]+)"/gm);
        return new Set([...found].map(([, specifier = ""]) => specifier.replace(/^node:.*/, "node:")));
      };
      // With workers, the first process adds up their metrics when somebody asks for them.
      assert.deepEqual(await importsOf("cli.js"), new Set(["node:", "./serve.js", "./shared.js", "prom-client"]));
      const packages = [...(await importsOf("serve.js"))].map((specifier) => specifier.replace(/\/wire$/, "")).sort();
      const bundled = ["@etcd-gateway/client", "@etcd-gateway/runtime"];
      const external = Object.keys(dependencies).filter((name) => !bundled.includes(name));
      assert.deepEqual(packages, [...external, "./shared.js", "node:"].sort());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
