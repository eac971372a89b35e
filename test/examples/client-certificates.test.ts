import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { json } from "node:stream/consumers";
import { it } from "node:test";
import { createHttpServer } from "etcd-gateway";
import { createApp } from "../../examples/client-certificates/app.js";
import { enableAuth, gatewayOf, PASSWORDS, startAuthEtcd } from "../etcd/access/auth-etcd.js";
import { makeCertificates } from "../etcd-server/certificates.js";
import { base64 } from "../http/etcd-json.js";
import { portOf } from "../server-address.js";

it("the example of client certificates gives each client the rights of its user", async (t) => {
  const certificates = await makeCertificates("alice");
  t.after(() => certificates.remove());
  const pem = ({ cert, key }: { cert: string; key: string }) => ({ cert: readFileSync(cert), key: readFileSync(key) });
  const ca = readFileSync(certificates.ca.cert);

  const etcd = await startAuthEtcd(t);
  await enableAuth((await gatewayOf(t, { endpoints: [etcd.endpoint] })).url);

  /** Puts a key, with the certificate of alice, through an app that knows the passwords. */
  async function put(key: string, passwords: Readonly<Record<string, string>>): Promise<readonly [number, unknown]> {
    const { app, gateways } = createApp({ endpoints: [etcd.endpoint], passwords: new Map(Object.entries(passwords)) });
    const server = createHttpServer(app, { tls: { ...pem(certificates.server), ca, requestCert: true } });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const client = { ...pem(certificates.client), ca, agent: false };
      const outgoing = request({
        host: "127.0.0.1",
        port: portOf(server),
        path: "/v3/kv/put",
        method: "POST",
        ...client,
      });
      outgoing.end(JSON.stringify({ key: base64(key) }));
      const [response] = await once(outgoing, "response");
      return [response.statusCode, await json(response)];
    } finally {
      server.close();
      await Promise.all(gateways.map((gateway) => gateway.close()));
      server.closeAllConnections();
    }
  }
  const [status] = await put("a/1", PASSWORDS);
  assert.equal(status, 200);
  assert.deepEqual(await put("b/1", PASSWORDS), [403, { code: 7, message: "etcdserver: permission denied" }]);
  const unknown = { code: 16, message: "no user of etcd has this certificate" };
  assert.deepEqual(await put("a/1", { bob: PASSWORDS.bob }), [401, unknown]);
});
