// The project with the API of each etcd, as `npm run proto:update` takes it: it generates, builds and serves.
import { strict as assert } from "node:assert";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, suite, test } from "node:test";
import { CommandProcess } from "../../etcd/command/command-process.js";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { copyProject } from "../../packages/project/project-copy.js";
import { run } from "../../packages/project/run-program.js";
import { readFacts, VERSIONS, type Version } from "./api-facts.js";
import { writeTree } from "./fixture-tree.js";

const PASSWORD = "a password";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

suite("the API of each etcd", () => {
  /** Knows every RPC that a gateway of any API calls, save for those of 3.6 and later. */
  let open: EtcdServer;
  /** One that has users. */
  let guarded: EtcdServer;

  before(async () => {
    [open, guarded] = await Promise.all([startEtcd({ version: "3.5" }), startEtcd({ version: "3.5" })]);
    await post(guarded.url, "/v3/auth/user/add", { name: "root", password: PASSWORD });
    await post(guarded.url, "/v3/auth/user/grant", { user: "root", role: "root" });
    await post(guarded.url, "/v3/auth/role/add", { name: "clerk" });
    await post(guarded.url, "/v3/auth/enable", {});
  });
  after(() => Promise.all([open.stop(), guarded.stop()]));

  for (const [index, version] of VERSIONS.entries()) {
    test(`etcd ${version}`, async (t) => {
      const making = projectOf(version);
      const next = VERSIONS[index + 1];
      // Much of the work keeps only one processor busy.
      if (next !== undefined) projectOf(next).catch(() => {});
      const folder = await making;
      t.after(() => rm(folder, { recursive: true, force: true }));
      const command = path.join(folder, "dist/runtime/etcd/command/cli.js");

      await serving(command, ["--endpoints", open.endpoint], async (url) => {
        await servesKeys(url);
        await servesWatches(url);
        await servesLeases(url);
        await servesLocks(url, Number(version.slice(2)) >= 2);
        await answersProbes(url, open.version);
        await describesItself(url);
      });

      const userFile = path.join(folder, "user");
      await writeFile(userFile, `root:${PASSWORD}\n`);
      const asRoot = ["--endpoints", guarded.endpoint, "--act-as", "gateway", "--user-file", userFile];
      await serving(command, [...asRoot, "--refusals", "status"], async (url) => {
        await servesKeys(url);
        await servesWatches(url);
        await revokesText(url);
        await answersProbes(url, guarded.version);
      });
      await serving(command, ["--endpoints", guarded.endpoint, "--expose", "read-only"], async (url) => {
        assert.equal((await post(url, "/v3/kv/range", { key: base64("k") })).status, 400);
        assert.equal((await post(url, "/v3/kv/put", { key: base64("k") })).status, 403);
        const { token } = (await post(url, "/v3/auth/authenticate", { name: "root", password: PASSWORD })).body;
        assert.equal(
          (await post(url, "/v3/kv/range", { key: base64("k") }, { Authorization: String(token) })).status,
          200,
        );
      });
    });
  }
});

/** The projects that are made, or are there. */
const projects = new Map<Version, Promise<string>>();

function projectOf(version: Version): Promise<string> {
  const project = projects.get(version) ?? updatedProject(version);
  projects.set(version, project);
  return project;
}

/** A copy of the project that has taken, generated and built the API of a version. The caller removes its folder. */
async function updatedProject(version: Version): Promise<string> {
  const folder = await copyProject();
  const tree = path.join(folder, ".cache", `etcd-${version}`);
  writeTree(tree, readFacts(version));
  const update = await run("npm", ["run", "proto:update", "--", "--from", tree], folder);
  assert.match(update.stdout, /\nEvery symbol has its comment\.\n/);
  await run("npm", ["run", "generate", "."], folder);
  await run("npm", ["run", "build"], folder);
  return folder;
}

/** Runs the command while `use` does, and ends it. */
async function serving(command: string, flags: readonly string[], use: (url: string) => Promise<void>): Promise<void> {
  const process = new CommandProcess(["--listen", "127.0.0.1:0", ...flags], [], command);
  try {
    await use(await process.url());
  } finally {
    await process.stop();
  }
}

async function servesKeys(url: string): Promise<void> {
  for (const prefix of ["/v3", "/v3beta", "/v3alpha"]) {
    const key = base64(prefix);
    assert.equal((await post(url, `${prefix}/kv/put`, { key, value: base64("v") })).status, 200);
    const { body } = await post(url, `${prefix}/kv/range?bytes=text`, { key: prefix });
    assert.match(JSON.stringify(body), new RegExp(`"key":"${prefix}".*"value":"v"`));
  }
  const comparison = { target: "VERSION", key: base64("/v3"), result: "GREATER", version: 0 };
  const { body } = await post(url, "/v3/kv/txn", { compare: [comparison] });
  assert.equal(body["succeeded"], true);
}

async function servesWatches(url: string): Promise<void> {
  await post(url, "/v3/kv/put", { key: base64("watched"), value: base64("v") });
  const abort = new AbortController();
  const create = { create_request: { key: base64("watched"), start_revision: 1, prev_kv: true } };
  const response = await fetch(`${url}/v3/watch`, {
    method: "POST",
    body: JSON.stringify(create),
    signal: abort.signal,
  });
  assert.equal(response.status, 200);
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes('"events"')) break;
  }
  abort.abort();
  assert.match(text, new RegExp(`"created":true[\\s\\S]*"key":"${base64("watched")}"`));
}

async function servesLeases(url: string): Promise<void> {
  const { ID } = (await post(url, "/v3/lease/grant", { TTL: 60 })).body;
  const kept = await post(url, "/v3/lease/keepalive", { ID });
  assert.match(JSON.stringify(kept.body), new RegExp(`"ID":"${String(ID)}","TTL":"60"`));
}

async function servesLocks(url: string, isThere: boolean): Promise<void> {
  const { status } = await post(url, "/v3/lock/lock", { name: base64(`lock of ${url}`) });
  assert.equal(status, isThere ? 200 : 404);
}

/** As 3.1 to 3.3 had it: keys as text. */
async function revokesText(url: string): Promise<void> {
  const perm = { permType: "READ", key: base64("of the clerk") };
  assert.equal((await post(url, "/v3alpha/auth/role/grant", { name: "clerk", perm })).status, 200);
  const { status, body } = await post(url, "/v3alpha/auth/role/revoke", { role: "clerk", key: "of the clerk" });
  assert.equal(status, 200, JSON.stringify(body));
}

async function answersProbes(url: string, version: string): Promise<void> {
  const health = await (await fetch(`${url}/health`)).json();
  assert.deepEqual(health, { health: "true", reason: "" });
  assert.equal(await (await fetch(`${url}/readyz`)).text(), "ok\n");
  const versions = await (await fetch(`${url}/version`)).json();
  assert.equal(Object(versions).etcdserver, version);
}

async function describesItself(url: string): Promise<void> {
  const { paths } = Object(await (await fetch(`${url}/openapi.json`)).json());
  assert("/kv/range" in paths);
}

/** The response to a request. */
interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function post(
  url: string,
  pathname: string,
  message: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(url + pathname, { method: "POST", headers, body: JSON.stringify(message) });
  return { status: response.status, body: Object(await response.json()) };
}
