import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { after, before, describe, it, type TestContext } from "node:test";
import { probe } from "../../../runtime/etcd/command/probe.js";
import { type Certificates, makeCertificates } from "../../etcd-server/certificates.js";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { listen } from "../../http/listen.js";
import { CommandProcess, type Ending } from "./command-process.js";

function ask(url: string, ...flags: string[]): Promise<Ending> {
  return new CommandProcess(["--probe", url, ...flags]).ended();
}

describe("etcd-gateway --probe", () => {
  let etcd: EtcdServer;
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd.stop());

  it("ends with 0 if a gateway is ready, and with 1 and what is wrong once etcd is gone", async (t) => {
    const server = await startEtcd();
    const flags = ["--endpoints", server.endpoint, "--listen", "127.0.0.1:0"];
    const command = new CommandProcess(flags);
    t.after(() => command.stop());
    const url = await command.url();
    for (const path of ["", "/", "/readyz", "/health", "/livez"]) {
      assert.deepEqual(await ask(url + path), { code: 0, stdout: "", stderr: "" }, path);
    }
    await server.stop();
    const { code, stderr } = await ask(url);
    assert.equal(code, 1);
    assert.match(stderr, /^etcd-gateway: http:\S+\/readyz: 503 \[-\]serializable_read failed: .*; \[-\]linear.*\n$/);
    // What a container is restarted for has nothing to do with etcd.
    assert.equal((await ask(`${url}/livez?exclude=serializable_read`)).code, 0);
  });

  it("asks etcd itself, too", async () => {
    assert.deepEqual(await ask(`${etcd.url}/health`), { code: 0, stdout: "", stderr: "" });
  });

  it("ends with 1 if nobody is there, or somebody else", async (t) => {
    assert.match(
      (await ask("http://127.0.0.1:1")).stderr,
      /^etcd-gateway: http:\/\/127\.0\.0\.1:1\/readyz: .*ECONNREFUSED.*\n$/,
    );
    const port = await listen(
      t,
      createServer((_req, res) => res.writeHead(404).end("no such page\nat all")),
    );
    const { code, stderr } = await ask(`http://127.0.0.1:${port}/x`);
    assert.deepEqual([code, stderr], [1, `etcd-gateway: http://127.0.0.1:${port}/x: 404 no such page\n`]);
  });

  it("waits for a silent server no longer than its time", async (t) => {
    for (const handler of [() => {}, (_req, res) => res.write("o")] satisfies RequestListener[]) {
      const port = await listen(t, createServer(handler));
      const url = new URL(`http://127.0.0.1:${port}/readyz`);
      await assert.rejects(probe({ url, tls: {} }, 200), { message: `${url}: no response within 200 ms` });
    }
  });

  it("rejects a value that is not a URL", async () => {
    for (const url of ["127.0.0.1:8080", "ftp://a", "x", ""]) {
      const { code, stderr } = await ask(url);
      assert.equal(code, 2, url);
      assert.match(
        stderr,
        /^etcd-gateway: invalid --probe ".*": expected a URL such as http:\/\/127\.0\.0\.1:8080\/readyz\n$/,
      );
    }
  });

  it("names a host that the server allows", async (t) => {
    const allowed = ["--allowed-hosts", "gateway.example,::1"];
    const command = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0", ...allowed]);
    t.after(() => command.stop());
    const url = await command.url();
    assert.match((await ask(url)).stderr, /: 421 /);
    assert.deepEqual(await ask(url, ...allowed), { code: 0, stdout: "", stderr: "" });
    assert.equal((await ask(url, "--allowed-hosts", "::1")).code, 0);
    assert.equal((await ask(`${etcd.url}/health`, "--allowed-hosts", "*")).code, 0);
  });

  it("has nothing to do with the other flags of a server", async (t) => {
    const port = await listen(
      t,
      createServer((_req, res) => res.end("ok")),
    );
    assert.equal((await ask(`http://127.0.0.1:${port}`, "--listen", "nonsense", "--workers", "4")).code, 0);
  });
});

describe("etcd-gateway --probe over TLS", () => {
  let certificates: Certificates;
  before(async () => {
    certificates = await makeCertificates();
  });
  after(() => certificates.remove());

  async function serve(t: TestContext, options: object): Promise<string> {
    const [cert, key] = [readFileSync(certificates.server.cert), readFileSync(certificates.server.key)];
    const server: Server = createTlsServer({ cert, key, ...options }, (_req, res) => res.end("ok"));
    return `https://127.0.0.1:${await listen(t, server)}`;
  }

  it("verifies the server", async (t) => {
    const url = await serve(t, {});
    const { ca } = certificates;
    assert.equal((await ask(url, "--cacert", ca.cert)).code, 0);
    assert.match((await ask(url)).stderr, /^etcd-gateway: https:\S+: .*certificate.*\n$/);
    assert.match((await ask(url, "--cacert", ca.cert, "--server-name", "a.example")).stderr, /a\.example/);
  });

  it("shows a certificate", async (t) => {
    const { ca, client } = certificates;
    const url = await serve(t, { ca: readFileSync(ca.cert), requestCert: true });
    assert.equal((await ask(url, "--cacert", ca.cert, "--cert", client.cert, "--key", client.key)).code, 0);
    assert.equal((await ask(url, "--cacert", ca.cert)).code, 1);
  });
});
