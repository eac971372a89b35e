import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { suite, test } from "node:test";
import { readTar } from "../../../../generator/proto-update/tree/tar.js";
import { temporaryFolder } from "../temporary-folder.js";
import { makeTar } from "./tar-archive.js";

const longPath = `etcd-3.7.1/${"a-folder/".repeat(15)}x.proto`;
const filesOf = (archive: Buffer): string[][] =>
  [...readTar(archive)].map(({ path, content }) => [path, content.toString("utf8")]);

suite("reading a tar archive", () => {
  test("files, with long names, and nothing but files", () => {
    const archive = makeTar([
      { path: "etcd-3.7.1/", text: "", type: "5" },
      { path: "etcd-3.7.1/empty", text: "" },
      { path: longPath, text: "é".repeat(600) },
      { path: "etcd-3.7.1/link", text: "", type: "2" },
      { path: "etcd-3.7.1/b", text: "x".repeat(512) },
    ]);
    assert.deepEqual(filesOf(archive), [
      ["etcd-3.7.1/empty", ""],
      [longPath, "é".repeat(600)],
      ["etcd-3.7.1/b", "x".repeat(512)],
    ]);
  });

  for (const format of ["pax", "ustar", "gnu"]) {
    test(`what tar makes in the ${format} format`, (t) => {
      const folder = temporaryFolder(t);
      mkdirSync(dirname(join(folder, longPath)), { recursive: true });
      writeFileSync(join(folder, longPath), "long");
      writeFileSync(join(folder, "etcd-3.7.1/short"), "short");
      const archive = execFileSync("tar", [`--format=${format}`, "-cf", "-", "etcd-3.7.1"], { cwd: folder });
      assert.deepEqual(filesOf(archive).sort(), [
        [longPath, "long"],
        ["etcd-3.7.1/short", "short"],
      ]);
    });
  }

  test("rejects what is cut off, at any block, or no archive", () => {
    const archive = makeTar([{ path: "a", text: "x".repeat(700) }]);
    for (let length = 0; length < archive.length - 1024; length += 256) {
      assert.throws(() => filesOf(archive.subarray(0, length)), /unexpected end of the archive/, `${length} bytes`);
    }
    assert.throws(() => filesOf(Buffer.alloc(2048, "<html>")), /not a valid tar archive/);
  });
});
