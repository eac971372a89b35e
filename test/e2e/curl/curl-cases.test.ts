import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { closeServer, createHttpServer } from "@etcd-gateway/runtime";
import { etcdGateway } from "etcd-gateway";
import { TEST_CHANNEL } from "../../core/transport/channels.js";
import { hasRpc } from "../../etcd-server/api.js";
import { type Certificates, makeCertificates } from "../../etcd-server/certificates.js";
import { ETCD_VERSIONS, type EtcdVersion } from "../../etcd-server/etcd-versions.js";
import { type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { at } from "../../http/etcd-json.js";
import { portOf } from "../../server-address.js";
import { type Connection, type CurlCase, type CurlStep, curlCases, matches } from "./curl-cases.js";

/** Whether curl's own content type, that of forms, makes a difference: it must not. */
const FORM = { "Content-Type": "application/x-www-form-urlencoded" };

/** Prefixes that clients of these versions, and of older ones, use. */
const PREFIXES = ["/v3", "/v3beta", "/v3alpha"];

/** An etcd server with a gateway before it, both of them with TLS or neither. */
class Place {
  readonly #close: () => Promise<void>;
  readonly #url: string;
  readonly #ca: Buffer | undefined;

  private constructor(url: string, ca: Buffer | undefined, close: () => Promise<void>) {
    this.#url = url;
    this.#ca = ca;
    this.#close = close;
  }

  static async open(version: EtcdVersion, connection: Connection, args: readonly string[] = []): Promise<Place> {
    const certificates = connection === "plain" ? undefined : await makeCertificates("");
    const clientAuth = connection === "client certificates";
    const etcd: EtcdServer = await startEtcd({
      version,
      args,
      ...(certificates !== undefined && { tls: { certificates, clientAuth } }),
    });
    const gateway = etcdGateway({
      channel: TEST_CHANNEL,
      endpoints: [etcd.url],
      ...(certificates !== undefined && { tls: tlsOf(certificates) }),
    });
    const server = createHttpServer(
      gateway.router,
      certificates === undefined ? {} : { tls: pairOf(certificates.server) },
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const scheme = certificates === undefined ? "http" : "https";
    return new Place(
      `${scheme}://127.0.0.1:${portOf(server)}`,
      certificates && readFileSync(certificates.ca.cert),
      async () => {
        await closeServer(server, gateway, 0);
        await etcd.stop();
        await certificates?.remove();
      },
    );
  }

  /** Sends a body as `curl -d` does. */
  async send(path: string, body: object, headers: Record<string, string> = {}): Promise<IncomingMessage> {
    const url = this.#url + path;
    const options = { method: "POST", agent: false as const, headers: { ...FORM, ...headers } };
    const outgoing =
      this.#ca === undefined ? plainRequest(url, options) : tlsRequest(url, { ...options, ca: this.#ca });
    outgoing.end(JSON.stringify(body));
    const [response] = await once(outgoing, "response");
    return response;
  }

  close(): Promise<void> {
    return this.#close();
  }
}

function pairOf({ cert, key }: { cert: string; key: string }): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

function tlsOf({ ca, client }: Certificates): { ca: Buffer; cert: Buffer; key: Buffer; serverName: string } {
  return { ca: readFileSync(ca.cert), ...pairOf(client), serverName: "localhost" };
}

async function run(place: Place, prefix: string, { steps }: CurlCase): Promise<void> {
  const answers: unknown[] = [];
  for (const step of steps) {
    const body = typeof step.body === "function" ? step.body(answers) : step.body;
    const headers = step.as === undefined ? {} : { Authorization: String(at(answers[step.as], "token")) };
    const response = await place.send(prefix + step.path, body, headers);
    answers.push(await (step.kind === "stream" ? firstMatch(response, step) : whole(response, step)));
  }
}

/** The whole response, which must be what is expected. */
async function whole(response: IncomingMessage, { path, expected }: CurlStep): Promise<unknown> {
  const text = Buffer.concat(await response.toArray()).toString();
  const json: unknown = JSON.parse(text);
  assert.match(response.headers["content-type"] ?? "", /^application\/json/);
  const isOk = "members" in expected;
  assert.equal(response.statusCode === 200, isOk, `${path}: ${text}`);
  if (isOk) assert.ok(matches(json, expected.members), `${path}: ${text}`);
  else assert.equal(at(json, "message"), expected.error);
  return json;
}

/** The first line of a stream that is what is expected. */
async function firstMatch(response: IncomingMessage, { path, expected }: CurlStep): Promise<unknown> {
  const lines: string[] = [];
  assert.equal(response.statusCode, 200);
  assert.ok("members" in expected);
  try {
    for await (const line of createInterface({ input: response })) {
      lines.push(line);
      const json: unknown = JSON.parse(line);
      if (matches(json, expected.members)) return json;
    }
  } finally {
    response.destroy();
  }
  assert.fail(`${path} ended after ${lines.join("\n")}`);
}

function suits({ needs, connections = ["plain"] }: CurlCase, version: string, connection: Connection): boolean {
  return connections.includes(connection) && (needs === undefined || (hasRpc(needs.rpc) && version >= needs.since));
}

for (const version of ETCD_VERSIONS) {
  for (const connection of ["plain", "tls", "client certificates"] as const) {
    for (const prefix of connection === "plain" ? PREFIXES : ["/v3"]) {
      describe(`curl to etcd ${version} under ${prefix}, ${connection}`, () => {
        let place: Place;
        before(async () => {
          place = await Place.open(version, connection);
        });
        after(() => place?.close());
        for (const test of curlCases.filter((one) => suits(one, version, connection))) {
          it(test.name, () => run(place, prefix, test));
        }
      });
    }
  }

  // etcd's own gateway shares one connection among all requests: at the limit, its clients wait until they give up.
  for (const [connection, limit] of [
    ["plain", 3],
    ["plain", 100],
    ["plain", 1000],
    ["tls", 3],
    ["tls", 100],
  ] as const) {
    describe(`${limit} streams a connection to etcd ${version}, ${connection}`, () => {
      let place: Place;
      before(async () => {
        place = await Place.open(version, connection, [`--max-concurrent-streams=${limit}`]);
      });
      after(() => place?.close());
      // etcd has no case of the largest number at the limit, and it takes a while.
      for (const watches of limit === 1000 ? [limit - 1] : [limit - 1, limit]) {
        it(`a range beside ${watches} watches`, async () => {
          const open = await Promise.all(
            Array.from({ length: watches }, () => place.send("/v3/watch", { create_request: { key: "Zm9v" } })),
          );
          const answer = await place.send("/v3/kv/range", { key: "Zm9v" });
          assert.equal(answer.statusCode, 200);
          answer.resume();
          for (const watch of open) watch.destroy();
        });
      }
    });
  }
}
