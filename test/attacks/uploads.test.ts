import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { CommandProcess } from "../etcd/command/command-process.js";
import { residentMemory } from "../etcd/command/resident-memory.js";

const MEBIBYTE = 1 << 20;
/** What the gateway takes of a body. */
const BODY_LIMIT = 3 * MEBIBYTE;

describe("uploads that are meant to fill memory", () => {
  let command: CommandProcess;
  let port: number;
  before(async () => {
    // There is no etcd: nothing of this may get as far.
    command = new CommandProcess(["--endpoints", "127.0.0.1:1", "--listen", "127.0.0.1:0"]);
    port = Number(new URL(await command.url()).port);
  });
  after(() => command.stop("SIGKILL"));

  /** Writes chunks until the server closes the connection, `length` bytes at the most, and returns what it responded. */
  async function upload(path: string, header: string, chunk: Buffer, length: number): Promise<string> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    let text = "";
    let sent = 0;
    socket.on("data", (data) => {
      text += data;
    });
    // A server that has responded may close the connection on which more comes.
    socket.on("error", () => {});
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`);
    const more = (): void => {
      while (sent < length && socket.writable) {
        sent += chunk.length;
        if (!socket.write(chunk)) return;
      }
    };
    socket.on("drain", more);
    more();
    await closed;
    return text;
  }

  /** The largest growth of the gateway's memory while an action is under way. */
  async function growthDuring(action: () => Promise<void>): Promise<number> {
    const start = await residentMemory(command.pid);
    let most = start;
    const sampler = setInterval(async () => {
      most = Math.max(most, await residentMemory(command.pid));
    }, 20);
    try {
      await action();
    } finally {
      clearInterval(sampler);
    }
    return Math.max(most, await residentMemory(command.pid)) - start;
  }

  const chunked = (bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
  const CHUNKED = "Transfer-Encoding: chunked";
  const PATHS = ["/v3/kv/put", "/v3/maintenance/snapshot", "/v3/watch"];

  it("without an end are rejected at the limit", async () => {
    for (const path of PATHS) {
      const growth = await growthDuring(async () => {
        const text = await upload(path, CHUNKED, chunked(Buffer.alloc(MEBIBYTE, '{"key":')), 200 * MEBIBYTE);
        assert.match(text, /^HTTP\/1\.1 413 .*"code":8/s, path);
      });
      // What is thrown away is garbage for a while: up to 40 MiB with the V8 of Node 22, 95 MiB with that of Node 24.
      assert.ok(growth < 140 * MEBIBYTE, `${path}: ${Math.round(growth / MEBIBYTE)} MiB`);
    }
  });

  it("that are compressed are rejected, and not inflated", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MEBIBYTE));
    assert.ok(bomb.length < MEBIBYTE);
    for (const encoding of ["gzip", "x-gzip", "deflate", "br", "zstd", "gzip, gzip", "identity, gzip", "unknown"]) {
      const growth = await growthDuring(async () => {
        for (const path of PATHS) {
          const header = `Content-Encoding: ${encoding}\r\nConnection: close\r\nContent-Length: ${bomb.length}`;
          const socket = connect(port, "127.0.0.1");
          let text = "";
          socket.on("data", (data) => {
            text += data;
          });
          socket.end(
            Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`), bomb]),
          );
          await new Promise((resolve) => socket.on("error", () => {}).on("close", resolve));
          assert.match(text, /^HTTP\/1\.1 415 .*"code":3/s, `${encoding} ${path}`);
        }
      });
      assert.ok(growth < 100 * MEBIBYTE, `${encoding}: ${Math.round(growth / MEBIBYTE)} MiB`);
    }
  });

  it("by hundreds at a time cost what their limits say", async () => {
    const growth = await growthDuring(async () => {
      const body = Buffer.alloc(64 * 1024, '{"key":"');
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, i) => {
          const length = i % 2 === 0 ? CHUNKED : "Content-Length: 1000000000000";
          // A client that went on writing to a connection that is closed might lose the response.
          return upload(
            PATHS[i % PATHS.length] ?? "",
            length,
            i % 2 === 0 ? chunked(body) : body,
            BODY_LIMIT + body.length,
          );
        }),
      );
      // If many grow at the same time, they are more than limits.maxIncomplete allows.
      const LIMITS =
        /^HTTP\/1\.1 413 |^HTTP\/1\.1 503 .*the gateway holds more than \d+ bytes of incomplete or waiting requests/s;
      for (const text of answers) assert.match(text, LIMITS);
      assert.ok(answers.some((text) => text.startsWith("HTTP/1.1 413 ")));
    });
    // 3 MiB each, at the most twice while it grows; but they do not all grow at the same time.
    assert.ok(growth < 600 * MEBIBYTE, `${Math.round(growth / MEBIBYTE)} MiB`);
  });
});
