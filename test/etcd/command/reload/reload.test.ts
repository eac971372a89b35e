import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { connect } from "node:tls";
import { parseFlags, type ServeFlags } from "../../../../runtime/etcd/command/flags/flags.js";
import { FileWatch } from "../../../../runtime/etcd/command/reload/file-watch.js";
import { Reload } from "../../../../runtime/etcd/command/reload/reload.js";
import { type Certificates, type KeyPair, makeCertificates } from "../../../etcd-server/certificates.js";
import { type EtcdServer, startEtcd } from "../../../etcd-server/server.js";
import { base64 } from "../../../http/etcd-json.js";
import { post } from "../../../http/requests.js";
import { until } from "../../../until.js";
import { enableAuth, gatewayOf, PASSWORDS, startAuthEtcd } from "../../access/auth-etcd.js";
import { CommandProcess } from "../command-process.js";
import { SKIP_WORKERS, workersOf } from "../workers/worker-processes.js";

/** Puts a certificate and its key where the command looks for them. */
function install({ cert, key }: KeyPair, folder: string): void {
  copyFileSync(cert, join(folder, "tls.crt"));
  copyFileSync(key, join(folder, "tls.key"));
}

async function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = await once(request, "response");
  return response;
}

/** A watch over HTTPS. */
interface Watch {
  readonly response: IncomingMessage;
  /** The lines of the response. */
  readonly lines: AsyncIterator<string>;
}

/** Opens a watch over HTTPS, and reads the line that says that it is created. */
async function openWatch(url: string, ca: Buffer): Promise<Watch> {
  const asking: ClientRequest = request(`${url}/v3/watch`, { method: "POST", ca, agent: false });
  asking.end('{"create_request":{"key":"Zm9v"}}');
  const response = await responseTo(asking);
  const lines = createInterface(response)[Symbol.asyncIterator]();
  await lines.next();
  return { response, lines };
}

/** Whether a server on 127.0.0.1 shows a certificate that an authority has issued. */
function isTrusted(url: string, ca: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port), ca }, () => {
      resolve(true);
      socket.end();
    });
    socket.on("error", () => resolve(false));
  });
}

describe("the command whose certificates are replaced", () => {
  let first: Certificates;
  let second: Certificates;
  let etcd: EtcdServer;
  let folder: string;
  let command: CommandProcess | undefined;
  before(async () => {
    [first, second] = await Promise.all([makeCertificates(), makeCertificates()]);
    etcd = await startEtcd();
  });
  after(() => Promise.all([etcd.stop(), first.remove(), second.remove()]));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reload-"));
  });
  afterEach(async () => {
    await command?.stop();
    await rm(folder, { recursive: true });
  });

  const ca = (certificates: Certificates): Buffer => readFileSync(certificates.ca.cert);

  async function start(path = folder, ...flags: string[]): Promise<{ url: string; command: CommandProcess }> {
    const tls = ["--listen-cert", join(path, "tls.crt"), "--listen-key", join(path, "tls.key")];
    const started = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0", ...tls, ...flags]);
    command = started;
    return { url: await started.url(), command: started };
  }

  for (const workers of ["1", "2"]) {
    it(`takes new ones on SIGHUP, and no stream ends, with --workers ${workers}`, async () => {
      install(first.server, folder);
      const { url, command } = await start(folder, "--workers", workers);
      const watch = await openWatch(url, ca(first));
      // Written in place, as the watch of the folder would see it, too; whichever comes first, the other finds nothing new.
      install(second.server, folder);
      command.signal("SIGHUP");
      await command.told(/SIGHUP: reloaded the certificates and the user file\n/);
      // Each worker in its turn.
      for (let inARow = 0; inARow < 6; await delay(5)) inARow = (await isTrusted(url, ca(second))) ? inARow + 1 : 0;
      assert.equal(await isTrusted(url, ca(first)), false);
      assert.equal((await post(`${etcd.url}/v3/kv/put`, { key: "Zm9v", value: "YmFy" })).status, 200);
      const { value: event } = await watch.lines.next();
      assert.match(String(event), /"value":"YmFy"/);
      watch.response.destroy();
    });
  }

  it("gives workers that begin later what the others have, whatever the files have", {
    skip: SKIP_WORKERS,
  }, async () => {
    install(first.server, folder);
    const { url, command } = await start(folder, "--workers", "2");
    /** Ends all workers, and resolves when others serve. */
    const replaceAll = async (): Promise<void> => {
      for (const victim of workersOf(command)) {
        process.kill(victim, "SIGKILL");
        await command.told(new RegExp(`worker ${victim} exited: SIGKILL; starting a new worker`));
      }
    };
    writeFileSync(join(folder, "tls.key"), "no key");
    await command.told(
      /changed: invalid --listen-key ".*": expected a PEM file; keeping the previous certificates and user file/,
    );
    await replaceAll();
    await until(() => isTrusted(url, ca(first)), "new workers have the first certificate");
    install(second.server, folder);
    await command.told(/reloaded the certificates and the user file/);
    rmSync(join(folder, "tls.crt"));
    await command.told(/--listen-cert: cannot read .*ENOENT; keeping the previous/);
    await replaceAll();
    await until(() => isTrusted(url, ca(second)), "new workers have the second certificate");
    const { stderr } = await command.stop();
    assert.doesNotMatch(stderr, /exited: (?!SIGKILL)/);
  });

  it("takes new ones when the files change, as Kubernetes replaces them", async () => {
    const [old, next] = [join(folder, "..old"), join(folder, "..next")];
    for (const each of [old, next]) mkdirSync(each);
    install(first.server, old);
    install(second.server, next);
    symlinkSync("..old", join(folder, "..data"));
    for (const name of ["tls.crt", "tls.key"]) symlinkSync(join("..data", name), join(folder, name));
    const { url, command } = await start();
    assert.equal(await isTrusted(url, ca(first)), true);
    symlinkSync("..next", join(folder, "..data_tmp"));
    renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
    rmSync(old, { recursive: true });
    await command.told(/tls\.crt, \S+tls\.key changed: reloaded the certificates and the user file/);
    assert.equal(await isTrusted(url, ca(second)), true);
  });

  it("goes on with those that it has if new ones cannot be used, and says so", async () => {
    install(first.server, folder);
    const { url, command } = await start();
    copyFileSync(second.server.cert, join(folder, "tls.crt"));
    await command.told(
      /changed: --listen-cert and --listen-key cannot be used: .*; keeping the previous certificates and user file/,
    );
    assert.equal(await isTrusted(url, ca(first)), true);
    writeFileSync(join(folder, "tls.key"), "no key");
    await command.told(
      /changed: invalid --listen-key ".*": expected a PEM file; keeping the previous certificates and user file/,
    );
    rmSync(join(folder, "tls.key"));
    await command.told(/changed: --listen-key: cannot read .*ENOENT; keeping the previous certificates and user file/);
    assert.equal(await isTrusted(url, ca(first)), true);
    copyFileSync(second.server.key, join(folder, "tls.key"));
    await command.told(/reloaded the certificates and the user file/);
    assert.equal(await isTrusted(url, ca(second)), true);
  });
});

describe("the command whose client certificate is replaced", () => {
  it("shows the new one to an etcd that no longer takes the old one", async (t) => {
    const [first, second] = await Promise.all([makeCertificates(), makeCertificates()]);
    t.after(() => Promise.all([first.remove(), second.remove()]));
    const folder = await mkdtemp(join(tmpdir(), "reload-"));
    t.after(() => rm(folder, { recursive: true }));
    const old = await startEtcd({ tls: { certificates: first, clientAuth: true } });
    t.after(() => old.stop());
    const next = await startEtcd({ tls: { certificates: second, clientAuth: true } });
    t.after(() => next.stop());
    install(first.client, folder);
    copyFileSync(first.ca.cert, join(folder, "ca.crt"));
    const command = new CommandProcess([
      ...["--endpoints", `https://${old.endpoint},https://${next.endpoint}`, "--listen", "127.0.0.1:0"],
      ...["--cacert", join(folder, "ca.crt"), "--cert", join(folder, "tls.crt"), "--key", join(folder, "tls.key")],
    ]);
    t.after(() => command.stop());
    const url = await command.url();
    assert.equal((await post(`${url}/v3/kv/put`, { key: "Zm9v", value: "b2xk" })).status, 200);
    install(second.client, folder);
    copyFileSync(second.ca.cert, join(folder, "ca.crt"));
    await command.told(/reloaded the certificates and the user file/);
    await old.stop();
    const put = await post(`${url}/v3/kv/put`, { key: "Zm9v", value: "bmV3" });
    assert.equal(put.status, 200, JSON.stringify(put.json));
  });
});

describe("the command whose user file is replaced", () => {
  it("signs in as the new user, and says when the file cannot be used", async (t) => {
    const etcd = await startAuthEtcd(t);
    await enableAuth((await gatewayOf(t, { endpoints: [etcd.endpoint] })).url);
    const folder = await mkdtemp(join(tmpdir(), "reload-"));
    t.after(() => rm(folder, { recursive: true }));
    const file = join(folder, "user");
    writeFileSync(file, `alice:${PASSWORDS.alice}\n`);
    const flags = ["--listen", "127.0.0.1:0", "--act-as", "gateway", "--user-file", file];
    const command = new CommandProcess(["--endpoints", etcd.endpoint, ...flags]);
    t.after(() => command.stop());
    const url = await command.url();
    const put = async (key: string): Promise<number> =>
      (await post(`${url}/v3/kv/put`, { key: base64(key), value: "" })).status;
    assert.deepEqual([await put("a/x"), await put("b/x")], [200, 403]);
    writeFileSync(file, "nobody");
    await command.told(/user changed: invalid --user-file ".*": expected one line NAME:PASSWORD; keeping/);
    assert.deepEqual([await put("a/x"), await put("b/x")], [200, 403]);
    writeFileSync(file, `bob:${PASSWORDS.bob}\n`);
    await command.told(/user changed: reloaded the certificates and the user file/);
    assert.deepEqual([await put("a/x"), await put("b/x")], [403, 200]);
    assert.doesNotMatch((await command.stop()).stderr, /secret/);
  });
});

describe("a reload", () => {
  it("that is asked for while the server starts is done when it has started", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "reload-"));
    t.after(() => rm(folder, { recursive: true }));
    const file = join(folder, "user");
    writeFileSync(file, "alice:1");
    const read = (): ServeFlags => {
      const flags = parseFlags(["--act-as", "gateway", "--user-file", file], {});
      assert.ok(flags.command === "serve");
      return flags;
    };
    const lines: string[] = [];
    const reload = new Reload({ files: [file], read, log: (line) => lines.push(line) });
    t.after(() => reload.close());
    const renewed: unknown[] = [];
    writeFileSync(file, "bob:2");
    reload.run("SIGHUP");
    assert.deepEqual([renewed, lines], [[], []]);
    reload.attach({ renew: ({ gateway }) => renewed.push(gateway.access?.credentials) });
    assert.deepEqual(renewed, [{ user: "bob", password: "2" }]);
    assert.deepEqual(lines, ["SIGHUP: reloaded the certificates and the user file"]);
  });
});

describe("the watch of files", () => {
  it("tells of a file that is there, gone, and there again, even where the system tells nothing", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "watch-"));
    t.after(() => rm(folder, { recursive: true, force: true }));
    // The folder itself is a link, and another one later: of that no system tells.
    const [one, two, link] = [join(folder, "one"), join(folder, "two"), join(folder, "link")];
    for (const each of [one, two]) mkdirSync(each);
    writeFileSync(join(one, "a"), "1");
    writeFileSync(join(one, "b"), "1");
    writeFileSync(join(two, "b"), "2");
    symlinkSync("one", link);
    const files = [join(link, "a"), join(link, "b")];
    const changes: (readonly string[])[] = [];
    let wake = (): void => {};
    const watch = new FileWatch(
      files,
      (changed) => {
        changes.push(changed);
        wake();
      },
      50,
    );
    t.after(() => watch.close());
    // The watch's own timers keep no process alive.
    const alive = setInterval(() => {}, 1_000);
    t.after(() => clearInterval(alive));
    const next = async (): Promise<readonly string[]> => {
      for (;;) {
        const change = changes.shift();
        if (change !== undefined) return change;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    };
    symlinkSync("two", join(folder, "new"));
    renameSync(join(folder, "new"), link);
    assert.deepEqual(await next(), files);
    writeFileSync(join(two, "a"), "1");
    assert.deepEqual(await next(), [files[0]]);
    rmSync(two, { recursive: true });
    assert.deepEqual(await next(), files);
  });
});
