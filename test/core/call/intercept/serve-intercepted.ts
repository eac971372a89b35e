import { createServer } from "node:http";
import type { TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { kv, LeaseKeepAliveResponse, lease, RangeResponse, watch } from "../../../../generated/index.js";
import type { Interceptors } from "../../../../runtime/core/call/intercept/interceptor.js";
import type { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { createGateway, type Gateway } from "../../../../runtime/core/gateway/gateway.js";
import { listen } from "../../../http/listen.js";
import { send, type TextResponse } from "../../../http/requests.js";
import { FakeTransport } from "../../http/fake-transport.js";

/** The services of the gateway. */
export const services = { kv, lease, watch };

/** The wire bytes of a response to a range request. */
export const COUNT: Uint8Array = RangeResponse.encode({ header: undefined, kvs: [], more: false, count: 3n }).finish();

/** A listening gateway with interceptors, and its errors so far. */
export interface Intercepted {
  readonly gateway: Gateway;
  readonly transport: FakeTransport;
  readonly port: number;
  readonly errors: readonly GatewayError[];
}

/** Serves a gateway with interceptors until the test ends. */
export async function serve(t: TestContext, interceptors: Interceptors<typeof services>): Promise<Intercepted> {
  const transport = new FakeTransport();
  const errors: GatewayError[] = [];
  const onError = (error: GatewayError): void => void errors.push(error);
  const gateway = createGateway({ onError, services, transport, interceptors });
  const port = await listen(t, createServer(gateway.router));
  return { gateway, transport, port, errors };
}

/** Sends a range request. */
export function range(
  port: number,
  body = '{"key":"YQ=="}',
  headers: Record<string, string> = {},
): Promise<TextResponse> {
  return send(port, "/v3/kv/range", body, { headers });
}

/** The wire bytes of the response to a keep-alive. */
export function alive(ID: bigint): Uint8Array {
  return LeaseKeepAliveResponse.encode({ header: undefined, ID, TTL: 1n }).finish();
}

/** Waits until a function returns a value. */
export async function until<Value>(ask: () => Value | undefined): Promise<Value> {
  for (;;) {
    const value = ask();
    if (value !== undefined) return value;
    await turn();
  }
}
