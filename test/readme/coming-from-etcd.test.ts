import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { runInNewContext } from "node:vm";
import { WebSocket } from "ws";
import { startGateway } from "../e2e/gateway.js";
import { CommandProcess } from "../etcd/command/command-process.js";
import { type Certificates, makeCertificates } from "../etcd-server/certificates.js";
import { type EtcdOptions, type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { at } from "../http/etcd-json.js";
import { post } from "../http/requests.js";
import { commandLines, outputPattern } from "./run/command-lines.js";
import { runCommands } from "./run/run-commands.js";

const PAGE = readFileSync(new URL("../../docs/coming-from-etcd.md", import.meta.url), "utf8");

const SECTIONS = PAGE.split(/^## /m).slice(1);

/** The address of the gateway in the page. */
const GATEWAY = "127.0.0.1:8080";

describe("docs/coming-from-etcd.md", () => {
  let certificates: Certificates;
  let plain: EtcdServer;
  let withUsers: EtcdServer;
  let withCertificates: EtcdServer;
  const userFile = join(tmpdir(), `etcd-gateway-user-${process.pid}.txt`);
  const servers: EtcdServer[] = [];

  async function start(options: EtcdOptions = {}): Promise<EtcdServer> {
    const etcd = await startEtcd(options);
    servers.push(etcd);
    return etcd;
  }

  before(async () => {
    writeFileSync(userFile, "root:secret\n");
    certificates = await makeCertificates("root");
    plain = await start();
    withUsers = await start();
    withCertificates = await start({ tls: { certificates, clientAuth: true } });
    const { ca, client } = certificates;
    const tls = { ca: readFileSync(ca.cert), cert: readFileSync(client.cert), key: readFileSync(client.key) };
    for (const options of [{ endpoints: [withUsers.endpoint] }, { endpoints: [withCertificates.url], tls }]) {
      await enableUsers(options);
    }
  });
  after(async () => {
    rmSync(userFile, { force: true });
    await Promise.all(servers.map((etcd) => etcd.stop()));
    await certificates.remove();
  });

  /** The etcd that a section is about. */
  function etcdOf(title: string): EtcdServer {
    if (/^[34]\./.test(title)) return withUsers;
    return title.startsWith("5.") ? withCertificates : plain;
  }

  /** Runs the command with the flags that the page gives it. */
  async function startCommand(t: TestContext, etcd: EtcdServer, line: string): Promise<string> {
    const values: Record<string, string> = {
      "127.0.0.1:2379": etcd.endpoint,
      "https://127.0.0.1:2379": etcd.url,
      [GATEWAY]: "127.0.0.1:0",
      "user.txt": userFile,
      "ca.pem": certificates.ca.cert,
      "root.pem": certificates.client.cert,
      "root-key.pem": certificates.client.key,
    };
    const words = line.replaceAll("\\\n", " ").trim().split(/\s+/).slice(2);
    const command = new CommandProcess(words.map((word) => values[word] ?? word));
    t.after(() => command.stop("SIGKILL"));
    return new URL(await command.url()).host;
  }

  it("has the twelve", () => {
    assert.deepEqual(
      SECTIONS.map((section) => Number.parseInt(section, 10)),
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
  });

  for (const section of SECTIONS) {
    const [title = ""] = section.split("\n", 1);
    it(title, { timeout: 60_000 }, async (t) => {
      const etcd = etcdOf(title);
      const blocks = [...section.matchAll(/^```(sh|js)\n(.*?)^```$/gms)];
      assert.ok(blocks.length > 0);
      let gateway: string | undefined;
      for (const [, language = "", block = ""] of blocks) {
        if (block.startsWith("npx ")) {
          gateway = await startCommand(t, etcd, block);
          continue;
        }
        gateway ??= await startCommand(t, etcd, `npx etcd-gateway --endpoints ${etcd.endpoint} --listen ${GATEWAY}`);
        const code = block.replaceAll(GATEWAY, gateway);
        if (language === "js") await runScript(code);
        else await runCommands(commandLines(code));
      }
    });
  }
});

/** Makes the user root and enables authentication, after a write. */
async function enableUsers(options: Parameters<typeof startGateway>[0]): Promise<void> {
  const gateway = await startGateway(options);
  for (const [path, body] of [
    ["kv/put", { key: "YQ==" }],
    ["auth/user/add", { name: "root", password: "secret" }],
    ["auth/role/add", { name: "root" }],
    ["auth/user/grant", { user: "root", role: "root" }],
    ["auth/enable", {}],
  ] as const) {
    const answer = await post(`${gateway.url}/v3/${path}`, body);
    assert.equal(answer.status, 200, path);
    assert.notEqual(at(answer.json, "header"), undefined);
  }
  await gateway.close();
}

/** Runs a script as a browser would, and compares what it logs with the comments at its end. */
async function runScript(code: string): Promise<void> {
  const expected = [...code.matchAll(/^\/\/ (.*)$/gm)].map(([, line = ""]) => line);
  assert.ok(expected.length > 0);
  const logged = await new Promise<string>((resolve) => {
    const lines: unknown[] = [];
    const log = (line: unknown): void => {
      lines.push(line);
      if (lines.length === expected.length) resolve(lines.join("\n"));
    };
    runInNewContext(code, { WebSocket, console: { log } });
  });
  assert.match(logged, outputPattern(expected));
}
