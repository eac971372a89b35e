import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { SecureServerOptions } from "node:http2";
import { after, before, describe, test } from "node:test";
import { Status } from "../../../runtime/core/errors/status.js";
import { library } from "../../../runtime/core/transport/grpc-js/library.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import type { TlsOptions } from "../../../runtime/core/transport/transport-options.js";
import { type Certificates, makeCertificates } from "../../etcd-server/certificates.js";
import { type FaultServer, startFaultServer } from "../../faults/fault-server.js";
import { CHANNELS } from "./channels.js";
import { callOptions, type Outcome, StreamRecorder, unary } from "./recorded-calls.js";

/** The connect timeout of a call that is to fail, in milliseconds: long enough to learn why. */
const SOON = 1_500;

for (const channel of CHANNELS) {
  describe(`over ${channel}`, () => {
    const PATH = "/test.Echo/Unary";
    let ours: Certificates;
    let theirs: Certificates;
    let tls: SecureServerOptions;

    before(async () => {
      await library();
      [ours, theirs] = await Promise.all([makeCertificates(), makeCertificates()]);
      tls = { cert: await readFile(ours.server.cert), key: await readFile(ours.server.key) };
    });

    after(() => Promise.all([ours.remove(), theirs.remove()]));

    /** Makes one call to a server of its own. */
    async function call(
      server: SecureServerOptions | undefined,
      scheme: string,
      options: TlsOptions | undefined,
      connectTimeout = 60_000,
    ): Promise<Outcome> {
      const running: FaultServer = await startFaultServer(server === undefined ? {} : { tls: server });
      running.handle(PATH, async (each) => each.answer(await each.request()));
      const endpoints = [`${scheme}127.0.0.1:${running.port}`];
      const transport = grpcTransport({
        channel,
        endpoints,
        connectTimeout,
        ...(options === undefined ? {} : { tls: options }),
      });
      try {
        return await unary(transport, PATH, "x");
      } finally {
        transport.close();
        await running.stop();
      }
    }

    /** Asserts a failure that tells the HTTP client nothing, and the operator why. */
    function assertUnreachable({ error }: Outcome, why: RegExp): void {
      assert.equal(error?.code, Status.UNAVAILABLE);
      assert.match(error?.message ?? "", /^(no endpoint is reachable|the connection to the server broke)$/);
      assert.match(String(error?.cause), why);
    }

    test("https trusts the authority given", async () => {
      const { message } = await call(tls, "https://", { ca: await readFile(ours.ca.cert) });
      assert.equal(String(message), "x");
    });

    test("tls makes TLS of an endpoint without a scheme; PEM may be text", async () => {
      const { message } = await call(tls, "", { ca: await readFile(ours.ca.cert, "utf8") });
      assert.equal(String(message), "x");
    });

    test("another authority is refused", async () => {
      assertUnreachable(await call(tls, "https://", { ca: await readFile(theirs.ca.cert) }, SOON), /certificate/);
    });

    test("without one, only the authorities that Node.js knows are trusted", async () => {
      assertUnreachable(await call(tls, "https://", undefined, SOON), /certificate/);
    });

    test("a certificate for another name is refused, unless that name is asked for", async () => {
      const ca = await readFile(ours.ca.cert);
      assertUnreachable(await call(tls, "https://", { ca, serverName: "etcd.example" }, SOON), /etcd\.example/);
      const { message } = await call(tls, "https://", { ca, serverName: "localhost" });
      assert.equal(String(message), "x");
    });

    test("a client certificate is shown to a server that asks, and no response comes without", async () => {
      const ca = await readFile(ours.ca.cert);
      const asking = { ...tls, ca, requestCert: true, rejectUnauthorized: true };
      const own = { cert: await readFile(ours.client.cert), key: await readFile(ours.client.key) };
      const { message } = await call(asking, "https://", { ca, ...own });
      assert.equal(String(message), "x");
      assertUnreachable(await call(asking, "https://", { ca }, SOON), /./);
      const foreign = { cert: await readFile(theirs.client.cert), key: await readFile(theirs.client.key) };
      assertUnreachable(await call(asking, "https://", { ca, ...foreign }, SOON), /./);
    });

    test("there is no falling back: TLS to a plain server fails, and plain to a TLS server", async () => {
      assertUnreachable(await call(undefined, "https://", { ca: await readFile(ours.ca.cert) }, SOON), /./);
      assertUnreachable(await call(tls, "http://", undefined, SOON), /./);
    });

    test("other certificates are for new connections, and calls in progress go on", async () => {
      const ca = await readFile(ours.ca.cert);
      const pair = async (name: Certificates) => ({
        cert: await readFile(name.client.cert),
        key: await readFile(name.client.key),
      });
      const server = await startFaultServer({ tls: { ...tls, ca, requestCert: true, rejectUnauthorized: true } });
      server.handle(PATH, async (each) => each.answer(await each.request()));
      server.handle("/test.Echo/Stream", (each) => each.accept());
      const endpoints = [`https://127.0.0.1:${server.port}`];
      const transport = grpcTransport({
        channel,
        endpoints,
        connectTimeout: 5_000,
        // grpc-js ends the calls of a connection that the server is closing when its next ping is due.
        keepalive: { interval: 60_000 },
        tls: { ca, ...(await pair(ours)) },
      });
      try {
        const recorder = new StreamRecorder();
        transport.stream("/test.Echo/Stream", callOptions({ deadline: undefined }), recorder);
        await once(recorder, "headers");
        assert.throws(
          () => transport.setSecureContext({ ca, cert: "-----BEGIN X" }),
          /^TypeError: tls\.key is missing/,
        );
        assert.throws(
          () => transport.setSecureContext({ ca, cert: "-----BEGIN X", key: "-----BEGIN X" }),
          /^TypeError: invalid tls: expected PEM/,
        );
        assert.throws(() => transport.setSecureContext({ ca: "-----BEGIN X" }), /^TypeError: invalid tls\.ca: /);
        assert.equal(String((await unary(transport, PATH, "before")).message), "before");
        transport.setSecureContext({ ca, ...(await pair(theirs)) });
        assert.equal(String((await unary(transport, PATH, "the same connection")).message), "the same connection");
        server.goaway();
        assertUnreachable(await unary(transport, PATH, "a new connection"), /./);
        transport.setSecureContext({ ca, ...(await pair(ours)) });
        assert.equal(String((await unary(transport, PATH, "after")).message), "after");
        assert.equal(recorder.ends, 0);
      } finally {
        transport.close();
        await server.stop();
      }
    });

    test("a transport without TLS has no certificates to replace", async () => {
      const transport = grpcTransport({ channel, endpoints: ["127.0.0.1:1"] });
      assert.throws(
        () => transport.setSecureContext({}),
        /^TypeError: setSecureContext: no endpoint uses TLS: use https:\/\/ endpoints, or set the option tls$/,
      );
      transport.close();
    });

    test("how many streams a server allows is asked over TLS too", async () => {
      const server = await startFaultServer({ tls, maxConcurrentStreams: 1 });
      const ca = await readFile(ours.ca.cert);
      const transport = grpcTransport({ channel, endpoints: [server.endpoint], tls: { ca, serverName: "localhost" } });
      server.handle(PATH, (each) => each.accept());
      const recorders = Array.from({ length: 3 }, () => new StreamRecorder());
      try {
        for (const recorder of recorders) transport.stream(PATH, callOptions({ deadline: undefined }), recorder);
        await Promise.all(recorders.map((recorder) => once(recorder, "headers")));
      } finally {
        transport.close();
        await server.stop();
      }
    });
  });
}
