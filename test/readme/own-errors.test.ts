import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { createHttpServer, type EtcdGateway, etcdGateway } from "etcd-gateway";
import express from "express";

const PAGE = readFileSync(new URL("../../docs/http.md", import.meta.url), "utf8");

/** The table of the errors that the gateway itself produces: the gRPC code of each HTTP status. */
const CODES = new Map(
  [...PAGE.matchAll(/^\| (\d{3}) \| (\d+) \| /gm)].map(([, status, code]) => [Number(status), Number(code)]),
);

const RANGE = "/v3/kv/range";
const UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/** A request by its first line, headers with their line ends, and body. */
function request(line: string, headers = "", body = "", length = body.length): string {
  const host = /^Host:/m.test(headers) ? "" : "Host: 127.0.0.1\r\n";
  return `${line} HTTP/1.1\r\n${host}${headers}Content-Length: ${length}\r\n\r\n${body}`;
}

/** A request that gets each status. Nothing listens at the endpoint of the gateway. */
const REQUESTS: Readonly<Record<number, string>> = {
  400: request(`POST ${RANGE}`, "", "{"),
  403: request(`POST ${RANGE}`, "Origin: https://evil.example\r\n", "{}"),
  404: request("POST /v3/nonsense", "", "{}"),
  405: request(`GET ${RANGE}`),
  408: request(`POST ${RANGE}`, "", "{", 2),
  413: request(`POST ${RANGE}`, "", `{"key":"${"A".repeat(2000)}"}`),
  414: request(`GET /v3/watch?create_request.key=${"A".repeat(65_536)}`, "Accept: text/event-stream\r\n"),
  415: request(`POST ${RANGE}`, "Content-Encoding: gzip\r\n", "{}"),
  421: request(`POST ${RANGE}`, "Host: evil.example\r\n", "{}"),
  426: request(`GET ${RANGE}`, `${UPGRADE}Sec-WebSocket-Version: 12\r\n`),
  429: request("POST /v3/auth/authenticate", "", "{}"),
  431: request(`POST ${RANGE}`, `X-Long: ${"a".repeat(200_000)}\r\n`, "{}"),
  500: request("POST /parsed/v3/kv/range", "Content-Type: application/x-www-form-urlencoded\r\n", "a=b"),
  501: request(`NONSENSE ${RANGE}`, "", "{}"),
  503: request(`POST ${RANGE}`, "", "{}"),
  504: request(`POST ${RANGE}`, "Grpc-Timeout: 1m\r\n", "{}"),
};

describe("the errors that the gateway itself produces", () => {
  let gateway: EtcdGateway;
  let server: ReturnType<typeof createHttpServer>;
  before(async () => {
    gateway = etcdGateway({
      endpoints: ["127.0.0.1:1"],
      limits: { maxBody: 1024, maxSignIns: 1 },
      timeouts: { body: 200, connect: 500 },
      browsers: { allowedHosts: ["127.0.0.1"] },
    });
    const app = express();
    app.use("/parsed", express.urlencoded({ extended: false }));
    app.use("/parsed", gateway.router);
    app.use(gateway.router);
    // Otherwise Node.js rejects a long query first.
    server = createHttpServer(app, { http: { maxHeaderSize: 100_000 } }).listen(0, "127.0.0.1");
    gateway.handleUpgrades(server);
    await once(server, "listening");
  });
  after(async () => {
    server.close();
    await gateway.close(0);
    server.closeAllConnections();
  });

  /** Sends a request, and returns the status and the code in the body of its response. */
  async function outcome(text: string): Promise<readonly [status: number, code: unknown]> {
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    const socket = connect(address.port, "127.0.0.1");
    socket.on("error", () => {});
    const closing = text.includes(UPGRADE) ? text : text.replace("\r\n", "\r\nConnection: close\r\n");
    socket.write(closing);
    let response = "";
    for await (const chunk of socket) response += chunk;
    const [, status] = /^HTTP\/1\.1 (\d+)/.exec(response) ?? [];
    const body: unknown = JSON.parse(/\{.*\}/s.exec(response)?.[0] ?? "null");
    return [Number(status), typeof body === "object" && body !== null && "code" in body ? body.code : undefined];
  }

  it("are all in the table of docs/http.md, with a request that gets each", () => {
    assert.deepEqual([...CODES.keys()], Object.keys(REQUESTS).map(Number));
  });

  for (const [status, text] of Object.entries(REQUESTS)) {
    it(`${status} has the code that the table says`, async () => {
      const others = status === "429" ? outcome(text) : undefined;
      const [first, second] = [await outcome(text), await others];
      const found = second !== undefined && first[0] !== 429 ? second : first;
      assert.deepEqual(found, [Number(status), CODES.get(Number(status))]);
    });
  }
});
