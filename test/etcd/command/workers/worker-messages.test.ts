import assert from "node:assert/strict";
import { it } from "node:test";
import { parseFlags } from "../../../../runtime/etcd/command/flags/flags.js";
import { packFlags, unpackFlags } from "../../../../runtime/etcd/command/workers/worker-messages.js";
import { makeCertificates } from "../../../etcd-server/certificates.js";

it("carries flags to workers as they are, with the bytes of certificates", async (t) => {
  const certificates = await makeCertificates();
  t.after(() => certificates.remove());
  const { server, client, ca } = certificates;
  const flags = parseFlags(
    [
      ...["--listen-cert", server.cert, "--listen-key", server.key, "--trusted-ca-file", ca.cert, "--cacert", ca.cert],
      ...[
        "--cert",
        client.cert,
        "--key",
        client.key,
        "--endpoints",
        "https://127.0.0.1:2379",
        "--strict",
        "--explorer",
      ],
      ...["--dialect", "/v3=v1", "--cors", "https://app.example", "--expose", "read-only", "--log", "json"],
    ],
    {},
  );
  assert.ok(flags.command === "serve" && flags.listenTls !== undefined);
  const carried = unpackFlags(JSON.parse(JSON.stringify(packFlags(flags))));
  assert.deepEqual(carried, flags);
  assert.ok(Buffer.isBuffer(carried.listenTls?.cert));
});
