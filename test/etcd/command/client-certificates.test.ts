import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type RequestOptions, request } from "node:https";
import { after, before, describe, it, type TestContext } from "node:test";
import { WebSocket } from "ws";
import { FlagError } from "../../../runtime/etcd/command/flags/flag-error.js";
import { parseFlags } from "../../../runtime/etcd/command/flags/flags.js";
import { type Certificates, type KeyPair, makeCertificates } from "../../etcd-server/certificates.js";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { CommandProcess } from "./command-process.js";

describe("the etcd-gateway command that asks for client certificates", () => {
  let ours: Certificates;
  let theirs: Certificates;
  let etcd: EtcdServer;
  before(async () => {
    [ours, theirs] = await Promise.all([makeCertificates(), makeCertificates()]);
    etcd = await startEtcd();
  });
  after(() => Promise.all([etcd.stop(), ours.remove(), theirs.remove()]));

  async function start(t: TestContext, ...flags: string[]): Promise<string> {
    const { server } = ours;
    const own = ["--listen", "127.0.0.1:0", "--listen-cert", server.cert, "--listen-key", server.key];
    const command = new CommandProcess(["--endpoints", etcd.endpoint, ...own, ...flags]);
    t.after(() => command.stop());
    return command.url();
  }

  const tlsOf = (client: KeyPair | undefined): RequestOptions => ({
    ca: readFileSync(ours.ca.cert),
    ...(client && { cert: readFileSync(client.cert), key: readFileSync(client.key) }),
    agent: false,
  });

  /** The status of a response, or why there is none. */
  function statusOf(url: string, client?: KeyPair): Promise<number | string | undefined> {
    return new Promise((resolve) => {
      const asking = request(`${url}/v3/kv/range`, { method: "POST", ...tlsOf(client) }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asking.on("error", (error) => resolve(`none: ${error.message}`)).end('{"key":"Zm9v"}');
    });
  }

  for (const flags of [["--client-cert-auth"], []]) {
    it(`serves those of the authority only, by ${["--trusted-ca-file", ...flags].join(" ")}`, async (t) => {
      const url = await start(t, "--trusted-ca-file", ours.ca.cert, ...flags);
      assert.equal(await statusOf(url, ours.client), 200);
      assert.match(String(await statusOf(url)), /^none: /);
      assert.match(String(await statusOf(url, theirs.client)), /^none: /);
    });
  }

  it("serves WebSockets of those only, too", async (t) => {
    const url = (await start(t, "--trusted-ca-file", ours.ca.cert)).replace("https:", "wss:");
    const opened = (client?: KeyPair): Promise<boolean> =>
      new Promise((resolve) => {
        const { ca, cert, key } = tlsOf(client);
        const socket = new WebSocket(`${url}/v3/watch`, { ca, ...(cert && key && { cert, key }) });
        socket.on("open", () => resolve(true)).on("error", () => resolve(false));
        t.after(() => socket.terminate());
      });
    assert.equal(await opened(ours.client), true);
    assert.equal(await opened(), false);
    assert.equal(await opened(theirs.client), false);
  });

  it("serves everybody without these flags", async (t) => {
    assert.equal(await statusOf(await start(t)), 200);
  });

  it("rejects flags that would let in others than meant", () => {
    const mistakes: [string[], RegExp][] = [
      [["--client-cert-auth"], /^--client-cert-auth requires --trusted-ca-file$/],
      [["--trusted-ca-file", ours.ca.cert], /^--trusted-ca-file requires --listen-cert$/],
    ];
    for (const [args, message] of mistakes) {
      assert.throws(
        () => parseFlags(args, {}),
        (error) => error instanceof FlagError && message.test(error.message),
      );
    }
  });
});
