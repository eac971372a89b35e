import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { type Certificates, makeCertificates } from "../../etcd-server/certificates.js";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { CommandProcess } from "./command-process.js";

async function post(url: string, body: unknown, ca?: string): Promise<{ status: number | undefined; json: unknown }> {
  const options = { method: "POST", ...(ca !== undefined && { ca: readFileSync(ca) }) };
  const request = url.startsWith("https") ? httpsRequest(url, options) : httpRequest(url, options);
  request.end(JSON.stringify(body));
  const response = await responseTo(request);
  return { status: response.statusCode, json: JSON.parse(await text(response)) };
}

async function responseTo(request: ReturnType<typeof httpRequest>): Promise<IncomingMessage> {
  const [response] = await once(request, "response");
  return response;
}

describe("the etcd-gateway command", () => {
  let etcd: EtcdServer;
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd.stop());

  it("serves etcd on a free port, and drains on SIGTERM", async () => {
    const command = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0"]);
    const url = await command.url();
    const put = await post(`${url}/v3/kv/put`, { key: "Zm9v", value: "YmFy" });
    assert.equal(put.status, 200);

    const watch = httpRequest(`${url}/v3/watch`, { method: "POST" });
    watch.end('{"create_request":{"key":"Zm9v"}}');
    const watching = await responseTo(watch);
    await once(watching, "readable");
    const lines = text(watching);
    const ending = await command.stop("SIGTERM");

    assert.equal(ending.code, 0, ending.stderr);
    assert.equal(ending.stdout, `etcd-gateway listening on ${url}\n`);
    const [created, last] = (await lines)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(created.result.created, true);
    assert.equal(last.error.code, 14);
  });

  for (const workers of ["1", "2"]) {
    it(`ends well on a signal that arrives while it starts, with --workers ${workers}`, async () => {
      const args = ["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0", "--workers", workers];
      const command = new CommandProcess(args, [], undefined, { ETCD_GATEWAY_NONSENSE: "1" });
      // It prints this before it starts the server.
      await command.told(/ETCD_GATEWAY_NONSENSE/);
      assert.equal((await command.stop()).code, 0);
    });
  }

  it("goes on when it gets SIGHUP", async () => {
    const command = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0"]);
    const url = await command.url();
    process.kill(command.pid ?? assert.fail("it does not run"), "SIGHUP");
    assert.equal((await post(`${url}/v3/kv/range`, { key: "Zm9v" })).status, 200);
    const { code, stderr } = await command.stop("SIGTERM");
    assert.deepEqual([code, stderr], [0, "etcd-gateway: SIGHUP: there is nothing to reload\n"]);
  });

  it("responds to unknown paths, with JSON to those of the API", async () => {
    const command = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0"]);
    const url = await command.url();
    assert.deepEqual(await post(`${url}/v3/nothing`, {}), { status: 404, json: { code: 5, message: "Not Found" } });
    const answer = await fetch(`${url}/nothing`);
    assert.deepEqual([answer.status, await answer.text()], [404, "404 page not found\n"]);
    assert.equal((await command.stop("SIGINT")).code, 0);
  });

  it("has a page at / that says what the gateway exposes, and none with --no-explorer", async () => {
    const flags = ["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0", "--expose", "etcdserverpb.KV.Range"];
    const command = new CommandProcess(flags);
    const url = await command.url();
    const page = await fetch(`${url}/`);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /"exposed":\["etcdserverpb\.KV\.Range"\]/);
    const evil = await fetch(`${url}/`, { headers: { origin: "https://evil.example" } });
    assert.equal(evil.status, 403);
    assert.equal((await command.stop("SIGINT")).code, 0);
    const bare = new CommandProcess([...flags, "--no-explorer"]);
    assert.equal((await fetch(`${await bare.url()}/`)).status, 404);
    assert.equal((await bare.stop("SIGINT")).code, 0);
  });

  it("takes strictness and limits from its flags", async () => {
    const limits = ["--strict", "--max-body", "100", "--connect-timeout", "200ms"];
    const command = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0", ...limits]);
    const url = await command.url();
    assert.equal((await post(`${url}/v3/kv/range`, { key: "Zm9v", kee: 1 })).status, 400);
    assert.equal((await post(`${url}/v3/kv/range`, { key: "A".repeat(120) })).status, 413);
    assert.equal((await command.stop()).code, 0);
  });

  it("starts without etcd, responds with 503 and says why on standard error only", async () => {
    const closed = await closedPort();
    const flags = ["--endpoints", `127.0.0.1:${closed}`, "--connect-timeout", "200ms", "--listen", "127.0.0.1:0"];
    const command = new CommandProcess(flags);
    const answer = await post(`${await command.url()}/v3/kv/range`, { key: "Zm9v" });
    assert.equal(answer.status, 503);
    assert.doesNotMatch(JSON.stringify(answer.json), /127\.0\.0\.1/);
    const ending = await command.stop();
    assert.equal(ending.code, 0);
    assert.match(ending.stderr, new RegExp(`^etcd-gateway: 503 .*127\\.0\\.0\\.1:${closed}`));
    assert.doesNotMatch(ending.stderr, /Resolution note:\s*$/m);
  });

  it("goes on when nobody reads standard error any more", async () => {
    const closed = await closedPort();
    const flags = ["--endpoints", `127.0.0.1:${closed}`, "--connect-timeout", "200ms", "--listen", "127.0.0.1:0"];
    const command = new CommandProcess(flags);
    const url = await command.url();
    command.closeErrors();
    for (let i = 0; i < 3; i++) assert.equal((await post(`${url}/v3/kv/put`, { key: "Zm9v", value: "" })).status, 503);
    assert.equal((await command.stop()).code, 0);
  });

  const mistakes: readonly (readonly [readonly string[], RegExp])[] = [
    [["--nonsense"], /^etcd-gateway: unknown flag --nonsense; see etcd-gateway --help\n$/],
    [["--endpoints", "nonsense"], /^etcd-gateway: invalid --endpoints "nonsense": expected host:port.*\n$/],
    [["--expose", "nonsense"], /^etcd-gateway: invalid --expose: unknown service or RPC "nonsense": .*\n$/],
    [["--expose", "nonsense", "--workers", "2"], /^etcd-gateway: invalid --expose: unknown service or RPC .*\n$/],
    [["--dialect", "/v4=v1"], /^etcd-gateway: invalid --dialect: unknown prefix "\/v4": expected one of \/v3, .*\n$/],
    [["--act-as", "gateway"], /^etcd-gateway: invalid --act-as "gateway": set --user-file, or .* in --cert\n$/],
    [["--forward-headers", "te"], /^etcd-gateway: invalid --forward-headers "te": .*\n$/],
    [["--cacert", "/does/not/exist"], /^etcd-gateway: --cacert: cannot read .*ENOENT\n$/],
  ];
  for (const [args, stderr] of mistakes) {
    it(`rejects ${args.join(" ")} in one line, with exit code 2`, async () => {
      const ending = await new CommandProcess(args).ended();
      assert.equal(ending.code, 2);
      assert.match(ending.stderr, stderr);
      assert.equal(ending.stdout, "");
    });
  }

  it("ends with 1 if its port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = addressOf(taken.address());
    const ending = await new CommandProcess(["--listen", `127.0.0.1:${port}`]).ended();
    taken.close();
    assert.equal(ending.code, 1);
    assert.match(
      ending.stderr,
      /^etcd-gateway: cannot listen on 127\.0\.0\.1:\d+: the port is in use; choose another with --listen\n$/,
    );
  });

  it("prints its help and its version", async () => {
    assert.match((await new CommandProcess(["--help"]).ended()).stdout, /^etcd-gateway: .*\n\nUsage:/);
    const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
    assert.equal((await new CommandProcess(["--version"]).ended()).stdout, `etcd-gateway ${version}\n`);
  });
});

describe("the etcd-gateway command with TLS", () => {
  let certificates: Certificates;
  let etcd: EtcdServer;
  before(async () => {
    certificates = await makeCertificates();
    etcd = await startEtcd({ tls: { certificates, clientAuth: true } });
  });
  after(async () => {
    await etcd.stop();
    await certificates.remove();
  });

  it("speaks it to etcd with a client certificate, and to its own clients", async () => {
    const { ca, client, server } = certificates;
    const toEtcd = [
      "--endpoints",
      `https://${etcd.endpoint}`,
      "--cacert",
      ca.cert,
      "--cert",
      client.cert,
      "--key",
      client.key,
    ];
    const own = ["--listen", "127.0.0.1:0", "--listen-cert", server.cert, "--listen-key", server.key];
    const command = new CommandProcess([...toEtcd, ...own]);
    const url = await command.url();
    assert.match(url, /^https:/);
    const answer = await post(`${url}/v3/kv/put`, { key: "Zm9v", value: "YmFy" }, ca.cert);
    assert.equal(answer.status, 200, JSON.stringify(answer.json));
    assert.equal((await command.stop()).code, 0);
  });

  it("responds with 503 if etcd's authority is not trusted", async () => {
    const flags = ["--endpoints", `https://${etcd.endpoint}`, "--connect-timeout", "300ms", "--listen", "127.0.0.1:0"];
    const command = new CommandProcess(flags);
    const answer = await post(`${await command.url()}/v3/kv/range`, { key: "Zm9v" });
    assert.deepEqual(answer, { status: 503, json: { code: 14, message: "no endpoint is reachable" } });
    assert.equal((await command.stop()).code, 0);
  });
});

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = addressOf(server.address());
  server.close();
  await once(server, "close");
  return port;
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return address;
}
