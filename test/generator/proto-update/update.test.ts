import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { readFacts } from "./api-facts.js";
import { writeTree } from "./fixture-tree.js";
import { temporaryFolder } from "./temporary-folder.js";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Runs the command as its npm script does, for a user who is in `folder`. */
function run(folder: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["--import", "tsx", "generator/proto-update/update.ts", ...args], {
    cwd: ROOT,
    env: { ...process.env, INIT_CWD: folder },
    encoding: "utf8",
  });
}

function setUp(t: TestContext): string {
  const folder = temporaryFolder(t);
  cpSync(join(ROOT, "proto/google"), join(folder, "proto/google"), { recursive: true });
  for (const version of ["3.3", "3.4"] as const) {
    writeTree(join(folder, `etcd-${version}`), readFacts(version));
  }
  return folder;
}

suite("the command proto:update", () => {
  test("updates, says what changed and what comes next", (t) => {
    const folder = setUp(t);
    assert.equal(run(folder, "--from", "etcd-3.3", "--proto", "proto").status, 0);
    const { status, stdout, stderr } = run(folder, "--from", "etcd-3.4", "--proto", "proto");
    assert.equal(stderr, "");
    assert.equal(status, 0);
    assert.match(
      stdout,
      /^5 files of .*etcd-3\.4 are now in .*proto\/etcd\.\n\nWhat changed in the API:\n\nRpcs\n {2}added /,
    );
    assert.match(
      stdout,
      /\nIn all: 1 rpc added, 3 routes added, 45 routes moved, .*\.\n\n459 symbols have no comment\./,
    );
    assert.match(stdout, /\n\nNext: npm run generate\n$/);
  });

  test("rejects in one line with status 1", (t) => {
    const { status, stdout, stderr } = run(setUp(t), "--from", "nowhere", "--proto", "proto");
    assert.match(stderr, /^proto:update: cannot read .*nowhere: the folder does not exist\n$/);
    assert.deepEqual([status, stdout], [1, ""]);
  });

  test("helps", () => {
    const { status, stdout } = run(ROOT, "--help");
    assert.equal(status, 0);
    assert.match(stdout, /npm run proto:update -- --from DIR .*\n.*--version v3\.7\.1/);
  });

  for (const [args, why] of [
    [[], /expected either --from DIR or --version TAG/],
    [["--from", "a", "--version", "v3.7.1"], /expected either --from DIR or --version TAG/],
    [["--form", "a"], /'--form'.*see --help/],
    [["a"], /'a'/],
    [["--version", "newest"], /invalid --version newest: expected a version such as v3\.7\.1/],
  ] as const) {
    test(`bad flags: ${args.join(" ") || "none"}`, () => {
      const { status, stdout, stderr } = run(ROOT, ...args);
      assert.match(stderr, why);
      assert.match(stderr, /^proto:update: .*\n$/);
      assert.deepEqual([status, stdout], [2, ""]);
    });
  }
});
