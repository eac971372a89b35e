import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createGateway, type Gateway } from "../../../runtime/core/gateway/gateway.js";
import type { GatewayOptions } from "../../../runtime/core/gateway/gateway-options.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import { send, type TextResponse } from "../../http/requests.js";
import { TEST_CHANNEL } from "../transport/channels.js";
import { type EchoServer, startEchoServer } from "./echo-server.js";
import { type GeneratedApi, generateApi } from "./generated-api.js";

/** A request and the expected response: JSON, or a pattern for the message of an error with status 400. */
export type Case = readonly [method: string, path: string, body: unknown, expected: unknown];

/** An API with an echo server, and gateways to this server. */
export class ApiUnderTest {
  readonly generated: GeneratedApi;
  readonly #echo: EchoServer;
  readonly #gateways: Gateway[] = [];
  readonly #servers: Server[] = [];

  private constructor(generated: GeneratedApi, echo: EchoServer) {
    this.generated = generated;
    this.#echo = echo;
  }

  /** Generates the code of a proto file and starts its server. */
  static async start(proto: string): Promise<ApiUnderTest> {
    const generated = await generateApi(proto);
    return new ApiUnderTest(generated, await startEchoServer(generated.services));
  }

  /** The address of the gRPC server. */
  get endpoint(): string {
    return this.#echo.endpoint;
  }

  /** Serves a gateway and returns its port. */
  async serve(options: Partial<GatewayOptions> = {}): Promise<number> {
    const transport = grpcTransport({ channel: TEST_CHANNEL, endpoints: [this.#echo.endpoint] });
    const gateway = createGateway({ services: this.generated.services, transport, ...options });
    const server = createServer(gateway.router);
    gateway.handleUpgrades(server);
    this.#gateways.push(gateway);
    this.#servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert(address !== null && typeof address === "object");
    return address.port;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
    await Promise.all(this.#gateways.map((gateway) => gateway.close()));
    this.#echo.stop();
  }
}

/** Sends requests one after the other, and checks the responses. */
export async function check(port: number, cases: readonly Case[]): Promise<void> {
  for (const [method, path, body, expected] of cases) {
    const { status, body: answer } = await sendJson(port, method, path, body);
    const what = `${method} ${path} ${JSON.stringify(body)}\n${answer}`;
    if (expected instanceof RegExp) {
      assert.equal(status, 400, what);
      assert.match(JSON.parse(answer).message, expected, what);
    } else {
      assert.equal(status, 200, what);
      assert.deepEqual(JSON.parse(answer), expected, what);
    }
  }
}

/** Sends a request with a JSON body, which is given as a value or as text. `""` means no body. */
export function sendJson(port: number, method: string, path: string, body: unknown): Promise<TextResponse> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = text === "" ? {} : { "Content-Length": Buffer.byteLength(text) };
  return send(port, path, text, { method, headers });
}
