import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** What docs/http-client.md says of the sizes. */
const [, KV_AND_WATCH = "", ALL = ""] =
  /KV\s+and\s+Watch\s+take\s+(\d+)\s+kB,\s+and\s+all\s+of\s+etcd\s+takes\s+(\d+)\s+kB/.exec(
    readFileSync(`${ROOT}docs/http-client.md`, "utf8"),
  ) ?? [];

/** What apps import, and how large their bundles may be: minified and gzipped, in bytes; and what the page says, in kB. */
const APPS: Readonly<Record<string, readonly [code: string, limit: number, documented: string]>> = {
  "KV and Watch of etcd": [
    `import { etcdChannel, kvClient, watch, watchClient } from "etcd-gateway/client";
     const channel = etcdChannel({ baseUrl: location.href });
     globalThis.app = [kvClient(channel), watch(watchClient(channel), {})];`,
    12_700,
    KV_AND_WATCH,
  ],
  "all of etcd": [
    `import * as client from "etcd-gateway/client";
     globalThis.app = client;`,
    25_000,
    ALL,
  ],
};

for (const [name, [code, limit, documented]] of Object.entries(APPS)) {
  test(`a bundle with ${name} is small, and for browsers`, async (t) => {
    const { outputFiles, metafile } = await build({
      stdin: { contents: code, resolveDir: ROOT },
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      conditions: ["@etcd-gateway/source"],
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    const size = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
    t.diagnostic(`${name}: ${(size / 1000).toFixed(1)} kB minified and gzipped`);
    assert.ok(size > 1000 && size <= limit, `${size} bytes`);
    assert.ok(Math.abs(size / 1000 - Number(documented)) < 1, `docs/http-client.md says ${documented} kB`);
    const foreign = Object.keys(metafile.inputs).filter(
      (file) => !/^(runtime\/client|runtime\/etcd\/(client|api))\/|^generated\/client\.ts$|^<stdin>$/.test(file),
    );
    assert.deepEqual(foreign, []);
    // No RPC of etcd has a message in its path or its query.
    const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    );
    assert.deepEqual(
      bundled.filter((file) => /by-rule|\/url\/(?!path-error)/.test(file)),
      [],
    );
  });
}
