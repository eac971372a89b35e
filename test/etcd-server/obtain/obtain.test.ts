import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { urlOf } from "../../server-address.js";
import { keep } from "../kept-servers.js";
import { withLock } from "../lock.js";
import { type ObtainOptions, obtainEtcd } from "./obtain.js";
import { officialReleases } from "./official-release.js";
import type { RunCommand } from "./run-command.js";

let root = "";
before(async () => {
  root = await mkdtemp(join(tmpdir(), "obtain-etcd-"));
});
after(() => rm(root, { recursive: true }));

/** Something that calls itself etcd. */
async function fakeEtcd(folder: string, version: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, "etcd");
  await writeFile(path, `#!/bin/sh\necho "etcd Version: ${version}"\n`);
  await chmod(path, 0o755);
  return path;
}

const nothingToRun: RunCommand = async (program) => {
  throw new Error(`${program} is not here`);
};

/** A machine that has nothing: no etcd, no apt, no network. */
async function bareMachine(): Promise<
  Required<Pick<ObtainOptions, "folder" | "path" | "run" | "releases" | "log">> & { lines: string[] }
> {
  const lines: string[] = [];
  const releases = { ...officialReleases, platform: "linux", arch: "x64", url: "http://127.0.0.1:1/releases" } as const;
  const folder = await mkdtemp(join(root, "kept-"));
  return { folder, path: join(folder, "nowhere"), run: nothingToRun, releases, lines, log: (line) => lines.push(line) };
}

test("an etcd on PATH comes first", async () => {
  const machine = await bareMachine();
  const path = await fakeEtcd(join(machine.folder, "bin"), "3.4.1");
  await keep(machine.folder, await fakeEtcd(join(machine.folder, "other"), "3.5.1"), "release", "3.5.1");
  assert.deepEqual(await obtainEtcd({ ...machine, path: `/nowhere:${join(machine.folder, "bin")}` }), {
    path,
    version: "3.4.1",
    source: "PATH",
  });
  assert.deepEqual(machine.lines, [`PATH: ${path} is etcd 3.4.1`]);
});

test("a version or suite that PATH does not have is looked for among the kept, the newest first", async () => {
  const machine = await bareMachine();
  const bin = join(machine.folder, "bin");
  await fakeEtcd(bin, "3.4.1");
  for (const [origin, version] of [
    ["trixie", "3.5.9"],
    ["sid", "3.5.10"],
    ["release", "3.6.0"],
  ] as const) {
    await keep(machine.folder, await fakeEtcd(join(machine.folder, "other"), version), origin, version);
  }
  const versionOf = async (wanted: ObtainOptions) => (await obtainEtcd({ ...machine, path: bin, ...wanted })).version;
  assert.equal(await versionOf({ version: "3.5" }), "3.5.10");
  assert.equal(await versionOf({ version: "3.5.9" }), "3.5.9");
  assert.equal(await versionOf({ suite: "trixie" }), "3.5.9");
  await writeFile(join(machine.folder, "sid-3.5.10", "etcd"), "#!/bin/sh\nexit 1\n");
  assert.equal(await versionOf({ version: "3.5" }), "3.5.9");
});

test("with no way to a server the error names each, and what to do", async () => {
  const machine = await bareMachine();
  await assert.rejects(obtainEtcd({ ...machine, version: "3.5" }), (error: Error) => {
    assert.match(error.message, /^no etcd 3\.5 server found on PATH or in .*, and none to be had:$/m);
    assert.match(error.message, /^ {2}Debian's package: this machine has no apt-get$/m);
    assert.match(error.message, /^ {2}official release: http:.*\/v3\.5\.\d+\/SHA256SUMS cannot be reached: .+$/m);
    assert.match(error.message, /^Put an etcd executable on PATH, or .*ETCD_ENDPOINTS=host:port\.$/m);
    return true;
  });
  assert.equal(machine.lines.length, 4);
  assert.deepEqual(await readdir(machine.folder), []);
});

/** apt-get and dpkg of a machine: what each suite has, and whether the machine's own lists are there. */
function aptMachine(
  packages: Record<string, string>,
  { hasLists }: { hasLists: boolean },
): { run: RunCommand; commands: string[] } {
  const commands: string[] = [];
  const run: RunCommand = async (program, args, options) => {
    const option = (name: string) => args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1);
    const source = option("Dir::Etc::SourceList");
    const sourceLine = source === undefined ? "" : await readFile(source, "utf8");
    const suite = /^deb \[signed-by=\S+\] mirror:debian (\w+) main$/m.exec(sourceLine)?.[1] ?? "own";
    const hasListsNow = hasLists || option("Dir::State::Lists") !== undefined;
    const version = hasListsNow ? packages[suite] : undefined;
    if (program === "dpkg" && args[0] === "-x") {
      await fakeEtcd(join(args[2] ?? "", "usr", "bin"), (await readFile(args[1] ?? "", "utf8")).trim());
    } else if (args.includes("indextargets")) {
      return hasListsNow ? "Other Tools mirror:tools\nDebian Debian mirror:debian\n" : "";
    } else if (args.includes("update")) {
      commands.push(`update ${suite}`);
    } else if (args.includes("download")) {
      if (version === undefined) throw new Error("apt-get: E: Unable to locate package etcd-server");
      if (args.includes("--print-uris")) return `'mirror:debian/x' etcd-server_${version}-4+b4_amd64.deb 1 SHA256:0\n`;
      commands.push(`download ${suite}`);
      await writeFile(join(options?.cwd ?? "", "etcd-server.deb"), version);
    }
    return "";
  };
  return { run, commands };
}

test("Debian's package is unpacked from the lists that the machine has", async () => {
  const machine = await bareMachine();
  const { run, commands } = aptMachine({ own: "3.4.23" }, { hasLists: true });
  const binary = await obtainEtcd({ ...machine, run });
  assert.equal(binary.version, "3.4.23");
  assert.deepEqual(commands, ["download own"]);
  assert.equal((await obtainEtcd(machine)).path, binary.path);
});

test("package lists that are missing are fetched", async () => {
  const { run, commands } = aptMachine({ own: "3.4.23" }, { hasLists: false });
  assert.equal((await obtainEtcd({ ...(await bareMachine()), run })).version, "3.4.23");
  assert.deepEqual(commands, ["update own", "download own"]);
});

test("a version that this suite does not have comes from another suite of the same mirror", async () => {
  for (const hasLists of [true, false]) {
    const { run, commands } = aptMachine({ own: "3.4.23", sid: "3.5.30", trixie: "3.6.1" }, { hasLists });
    const machine = await bareMachine();
    const binary = await obtainEtcd({ ...machine, run, version: "3.5" });
    assert.equal(binary.version, "3.5.30");
    const expected = ["update trixie", "update sid", "download sid"];
    assert.deepEqual(commands, hasLists ? expected : ["update own", ...expected]);
    assert.deepEqual(await readdir(machine.folder), ["sid-3.5.30"]);
  }
});

test("a suite can be asked for", async () => {
  const { run, commands } = aptMachine({ own: "3.4.23", sid: "3.5.30" }, { hasLists: true });
  assert.equal((await obtainEtcd({ ...(await bareMachine()), run, suite: "sid" })).version, "3.5.30");
  assert.deepEqual(commands, ["update sid", "download sid"]);
});

test("many who ask at once obtain one server", async () => {
  const { run, commands } = aptMachine({ own: "3.4.23" }, { hasLists: true });
  const machine = await bareMachine();
  const binaries = await Promise.all(Array.from({ length: 8 }, () => obtainEtcd({ ...machine, run })));
  assert.equal(new Set(binaries.map(({ path }) => path)).size, 1);
  assert.deepEqual(commands, ["download own"]);
});

test("the lock of a process that died is taken over, that of a living one is waited for", async () => {
  const file = join(root, "lock");
  await writeFile(file, String(2 ** 30));
  const order: string[] = [];
  await withLock(file, async () => {
    const second = withLock(file, async () => order.push("second"));
    // The second must not run yet, although it asks for the lock several times.
    await new Promise((resolve) => setTimeout(resolve, 120));
    order.push("first");
    return { second };
  }).then(({ second }) => second);
  assert.deepEqual(order, ["first", "second"]);
});

/** An official release, served as `files` say, on a port of its own. */
async function withReleases(
  files: (archive: Buffer, checksum: string) => Record<string, Buffer | string | "broken off">,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(root, "release-"));
  await fakeEtcd(join(folder, "etcd-v3.5.33-linux-amd64"), "3.5.33");
  execFileSync("tar", ["-czf", "archive", "etcd-v3.5.33-linux-amd64"], { cwd: folder });
  const archive = await readFile(join(folder, "archive"));
  const served = files(archive, createHash("sha256").update(archive).digest("hex"));
  const server: Server = createServer((request, response) => {
    const file = served[request.url ?? ""];
    if (file === undefined) return void response.writeHead(404).end();
    if (file !== "broken off") return void response.end(file);
    response.writeHead(200, { "Content-Length": archive.length });
    response.write(archive.subarray(0, 100), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(urlOf(server));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const sums = "/v3.5.33/SHA256SUMS";
const tarball = "/v3.5.33/etcd-v3.5.33-linux-amd64.tar.gz";

test("an official release is used when its checksum is the published one", async () => {
  await withReleases(
    (archive, checksum) => ({
      [sums]: `0000  other.zip\n${checksum}  etcd-v3.5.33-linux-amd64.tar.gz\n`,
      [tarball]: archive,
    }),
    async (url) => {
      const machine = await bareMachine();
      const releases = { ...machine.releases, url };
      const binary = await obtainEtcd({ ...machine, releases, version: "3.5" });
      assert.deepEqual([binary.version, binary.source], ["3.5.33", "the official release v3.5.33"]);
      assert.equal((await obtainEtcd({ ...machine, version: "3.5" })).path, binary.path);
    },
  );
});

const badReleases: Record<string, [Parameters<typeof withReleases>[0], RegExp]> = {
  "with another checksum": [
    (archive) => ({ [sums]: `${"0".repeat(64)}  etcd-v3.5.33-linux-amd64.tar.gz\n`, [tarball]: archive }),
    /has the SHA-256 checksum [0-9a-f]{64} where 0{64} is published; it is not used/,
  ],
  "without a checksum": [(archive) => ({ [sums]: "\n", [tarball]: archive }), /SHA256SUMS has no checksum for etcd-v3/],
  "that is not there": [
    (_, checksum) => ({ [sums]: `${checksum}  etcd-v3.5.33-linux-amd64.tar.gz\n` }),
    /linux-amd64\.tar\.gz responds with 404 Not Found/,
  ],
  "that breaks off": [
    (_, checksum) => ({ [sums]: `${checksum}  etcd-v3.5.33-linux-amd64.tar.gz\n`, [tarball]: "broken off" }),
    /linux-amd64\.tar\.gz broke off: /,
  ],
};
for (const [name, [files, message]] of Object.entries(badReleases)) {
  test(`an official release ${name} is not used`, async () => {
    await withReleases(files, async (url) => {
      const machine = await bareMachine();
      await assert.rejects(obtainEtcd({ ...machine, releases: { ...machine.releases, url }, version: "3.5" }), message);
      assert.deepEqual(await readdir(machine.folder), []);
    });
  });
}

test("the release is the one for the platform", async () => {
  await withReleases(
    () => ({ [sums]: "", "/v3.6.14/SHA256SUMS": "" }),
    async (url) => {
      const missing = async (
        platform: NodeJS.Platform,
        arch: NodeJS.Architecture,
        version?: string,
      ): Promise<string> => {
        const machine = await bareMachine();
        const releases = { ...machine.releases, url, platform, arch };
        const error: unknown = await obtainEtcd({ ...machine, releases, version }).catch((thrown: unknown) => thrown);
        return /official release: (?:SHA256SUMS has no checksum for )?(.*)/.exec(String(error))?.[1] ?? "";
      };
      assert.equal(await missing("darwin", "arm64"), "etcd-v3.6.14-darwin-arm64.zip");
      assert.equal(await missing("win32", "x64"), "etcd-v3.6.14-windows-amd64.zip");
      assert.equal(await missing("linux", "arm64", "3.5"), "etcd-v3.5.33-linux-arm64.tar.gz");
      assert.equal(await missing("linux", "ia32"), "etcd has no release for linux on ia32");
      assert.equal(
        await missing("linux", "x64", "2.0"),
        "no release of etcd 2.0 is known here; known are 3.4, 3.5, 3.6, 3.7",
      );
    },
  );
});
