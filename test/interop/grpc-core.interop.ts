// Tests with the C core of gRPC, in Python.
import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Status } from "../../runtime/core/errors/status.js";
import { monotonicTime } from "../../runtime/core/timers/monotonic-time.js";
import { grpcTransport } from "../../runtime/core/transport/grpc-transport.js";
import type { CallOptions, Metadata, StreamCall, Transport } from "../../runtime/core/transport/transport.js";
import { CHANNELS } from "../core/transport/channels.js";
import { callOptions, StreamRecorder, unary } from "../core/transport/recorded-calls.js";
import { type Certificates, makeCertificates } from "../etcd-server/certificates.js";
import { firstLine } from "../first-line.js";

/** Debian's Python, which its modules require. */
const PYTHON = "/usr/bin/python3";

const PROGRAM = fileURLToPath(new URL("grpc_core_server.py", import.meta.url));

/** The server. It ends when its standard input does. */
type Server = ChildProcessByStdio<Writable, Readable, null>;

for (const security of ["plain", "TLS"] as const) {
  describe(`the C core, ${security}`, () => {
    let certificates: Certificates | undefined;
    let server: Server;
    let exited: Promise<unknown>;
    let port: string;

    before(async () => {
      if (security === "TLS") certificates = await makeCertificates();
      const files = certificates === undefined ? [] : [certificates.server.cert, certificates.server.key];
      server = spawn(PYTHON, [PROGRAM, ...files], { stdio: ["pipe", "pipe", "inherit"] });
      exited = once(server, "exit");
      port = await firstLine(server).catch(() => "");
      assert.match(port, /^\d+$/, "the server did not start: install Debian's package python3-grpcio");
    });

    after(async () => {
      server.stdin.end();
      await exited;
      await certificates?.remove();
    });

    for (const channel of CHANNELS) {
      describe(`over ${channel}`, () => {
        let transport: Transport;

        before(async () => {
          const tls = certificates && { ca: await readFile(certificates.ca.cert) };
          transport = grpcTransport({ channel, endpoints: [`127.0.0.1:${port}`], ...(tls && { tls }) });
        });

        after(() => transport.close());

        const call = (method: string, request: Uint8Array | string, options: Partial<CallOptions> = {}) =>
          unary(transport, `/test.Core/${method}`, request, options);

        function open(method: string): { stream: StreamCall; recorder: StreamRecorder } {
          const recorder = new StreamRecorder();
          const stream = transport.stream(`/test.Core/${method}`, callOptions({ deadline: undefined }), recorder);
          return { stream, recorder };
        }

        test("a message and metadata come back", async () => {
          const metadata: Metadata = [
            ["x-text", "some text"],
            ["x-bytes-bin", Buffer.of(0, 255, 128)],
          ];
          const { error, message, headers, trailers } = await call("Echo", "hello", { metadata });
          assert.equal(error, undefined);
          assert.equal(String(message), "hello");
          assert.deepEqual(sorted(headers), sorted(metadata));
          assert.deepEqual(sorted(trailers), sorted(metadata));
        });

        test("messages of no and of many bytes come back whole", async () => {
          assert.deepEqual((await call("Echo", "")).message, Buffer.alloc(0));
          const large = Buffer.alloc(20_000_000, "0123456789abcdef");
          const { error, message } = await call("Echo", large, { deadline: monotonicTime() + 60_000 });
          assert.equal(error, undefined);
          assert.ok(message?.equals(large));
        });

        test("an error has the server's code, text and metadata", async () => {
          const { error, trailers } = await call("Fail", "why");
          assert.equal(error?.code, Status.FAILED_PRECONDITION);
          assert.equal(error?.message, "no: 100 % ümlaut\nwhy");
          assert.deepEqual(sorted(trailers), [
            ["x-reason", "asked to"],
            ["x-reason-bin", Buffer.of(0, 255)],
          ]);
        });

        test("a method that the server does not have is unimplemented", async () => {
          const { error } = await call("Missing", "");
          assert.equal(error?.code, Status.UNIMPLEMENTED);
        });

        test("a deadline ends a call that waits", async () => {
          const { error } = await call("Sleep", "", { deadline: monotonicTime() + 200 });
          assert.equal(error?.code, Status.DEADLINE_EXCEEDED);
        });

        test("a stream of responses arrives whole, in order", async () => {
          const { stream, recorder } = open("Repeat");
          stream.send(Buffer.from(`10000 ${"x".repeat(1000)}`));
          stream.end();
          await recorder.over();
          assert.equal(recorder.error, undefined);
          assert.deepEqual([recorder.received, recorder.bytes], [10_000, 10_000_000]);
        });

        test("a stream that fails has given what it had", async () => {
          const { stream, recorder } = open("Half");
          stream.send(Buffer.from("one"));
          stream.end();
          await recorder.over();
          assert.deepEqual(recorder.texts, ["one"]);
          assert.equal(recorder.error?.code, Status.DATA_LOSS);
          assert.equal(recorder.error?.message, "the rest is lost");
        });

        test("a stream of requests arrives whole, in order", async () => {
          const { stream, recorder } = open("Join");
          const pieces = Array.from({ length: 200 }, (_, i) => Buffer.alloc(10_000, i));
          for (const piece of pieces) if (!stream.send(piece)) await once(recorder, "drain");
          stream.end();
          await recorder.over();
          assert.equal(recorder.error, undefined);
          assert.ok(recorder.messages[0]?.equals(Buffer.concat(pieces)));
        });

        test("both sides of a call take turns", async () => {
          const { stream, recorder } = open("Talk");
          for (let i = 1; i <= 100; i++) {
            stream.send(Buffer.from(`${i}`));
            await recorder.count(i);
          }
          stream.end();
          await recorder.over();
          assert.equal(recorder.error, undefined);
          assert.equal(recorder.texts.at(-1), "100");
        });

        test("a thousand calls at once get a response each", async () => {
          const calls = Array.from({ length: 1000 }, (_, i) =>
            call("Echo", `${i}`, { deadline: monotonicTime() + 60_000 }),
          );
          for (const [i, { error, message }] of (await Promise.all(calls)).entries()) {
            assert.equal(error, undefined);
            assert.equal(String(message), `${i}`);
          }
        });
      });
    }
  });
}

/** Returns the metadata that the test has sent, sorted by name. */
function sorted(metadata: Metadata = []): Metadata {
  return metadata.filter(([key]) => key.startsWith("x-")).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
