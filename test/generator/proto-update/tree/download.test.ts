import { strict as assert } from "node:assert";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type DownloadOptions, downloadTree, GITHUB, tagOf } from "../../../../generator/proto-update/tree/download.js";
import { updateProto } from "../../../../generator/proto-update/update-proto.js";
import { listen } from "../../../http/listen.js";
import { urlOf } from "../../../server-address.js";
import { readFacts } from "../api-facts.js";
import { writeTree } from "../fixture-tree.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeTar } from "./tar-archive.js";

/** Serves archives of tags; the options say where. */
async function serve(t: TestContext, listener: RequestListener, timeout = 10_000): Promise<DownloadOptions> {
  const server = createServer(listener);
  await listen(t, server);
  return { fetch, timeout, archive: (tag) => `${urlOf(server)}/archive/${tag}.tar.gz` };
}

const ARCHIVE = gzipSync(makeTar([{ path: "etcd-3.7.1/api/a.proto", text: "a €" }]));

async function fails(t: TestContext, listener: RequestListener, why: RegExp, timeout?: number): Promise<void> {
  const options = await serve(t, listener, timeout);
  await assert.rejects(downloadTree("v3.7.1", options), (error: unknown) => {
    assert(error instanceof Error);
    assert.equal(error.name, "UpdateError");
    assert.match(error.message, why);
    return true;
  });
}

suite("downloading a tag", () => {
  test("reads files by their path in the tree", async (t) => {
    const options = await serve(t, (request, response) => {
      assert.equal(request.url, "/archive/v3.7.1.tar.gz");
      response.end(ARCHIVE);
    });
    const tree = await downloadTree("v3.7.1", options);
    assert.match(tree.name, /v3\.7\.1\.tar\.gz$/);
    assert.equal(await tree.read("api/a.proto"), "a €");
    assert.equal(await tree.read("api/b.proto"), undefined);
  });

  test("follows the redirect of the archive's host", async (t) => {
    const options = await serve(t, (request, response) => {
      if (request.url === "/elsewhere") {
        response.end(ARCHIVE);
      } else {
        response.writeHead(302, { location: "/elsewhere" }).end();
      }
    });
    assert.equal(await (await downloadTree("v3.7.1", options)).read("api/a.proto"), "a €");
  });

  test("updates proto/ as from a folder", async (t) => {
    const folder = temporaryFolder(t);
    writeTree(join(folder, "etcd-3.7.1"), readFacts("3.7"));
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ path: path.slice(folder.length + 1), text: readFileSync(path, "utf8") }));
    const options = await serve(t, (_request, response) => response.end(gzipSync(makeTar(files))));
    const proto = join(folder, "proto");
    cpSync(fileURLToPath(new URL("../../../../proto/google", import.meta.url)), join(proto, "google"), {
      recursive: true,
    });
    const report = await updateProto(proto, await downloadTree("v3.7.1", options));
    assert.match(report, /^7 files of http:.*v3\.7\.1\.tar\.gz are now in .*\n\nWhat changed in the API:\n/);
  });

  test("says that there is no such tag", (t) =>
    fails(
      t,
      (_request, response) => response.writeHead(404).end("Not Found"),
      /^unknown etcd version v3\.7\.1: http:.* responds with 404/,
    ));

  test("says what else the server responds", (t) =>
    fails(
      t,
      (_request, response) => response.writeHead(503).end(),
      /responds with 503 Service Unavailable; try again, or use --from/,
    ));

  test("rejects an archive that is cut off, though the response is whole", (t) =>
    fails(
      t,
      (_request, response) => response.end(ARCHIVE.subarray(0, ARCHIVE.length - 20)),
      /is not a complete gzip archive/,
    ));

  test("rejects a response that is cut off", (t) =>
    fails(
      t,
      (_request, response) => {
        response.writeHead(200, { "content-length": ARCHIVE.length });
        response.write(ARCHIVE.subarray(0, 20), () => response.destroy());
      },
      /^cannot download http:.*; get the tree in another way and use --from$/,
    ));

  test("rejects a value that is not an archive", async (t) => {
    await fails(
      t,
      (_request, response) => response.end("<html>"),
      /is not a complete gzip archive: incorrect header check/,
    );
    await fails(
      t,
      (_request, response) => response.end(gzipSync("<html>")),
      /unexpected end of the archive; try again/,
    );
  });

  test("does not wait for ever", (t) => fails(t, () => {}, /^cannot download .*timeout/, 50));

  test("says why a server cannot be reached", async () => {
    const rejected: typeof fetch = () =>
      Promise.reject(new TypeError("fetch failed", { cause: new Error("no route") }));
    await assert.rejects(downloadTree("v3.7.1", { ...GITHUB, fetch: rejected }), {
      name: "UpdateError",
      message:
        "cannot download https://github.com/etcd-io/etcd/archive/refs/tags/v3.7.1.tar.gz: fetch failed: no route; " +
        "get the tree in another way and use --from",
    });
  });

  test("knows a version from what is none", () => {
    assert.equal(tagOf("v3.7.1"), "v3.7.1");
    assert.equal(tagOf("3.4.45"), "v3.4.45");
    assert.equal(tagOf("v3.8.0-alpha.0"), "v3.8.0-alpha.0");
    for (const wrong of ["", "main", "3.7", "v3.7.1/../x", "v3.7.1 ", "release-3.5"]) {
      assert.equal(tagOf(wrong), undefined, wrong);
    }
  });
});
