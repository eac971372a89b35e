import assert from "node:assert/strict";
import { test } from "node:test";
import { Channel, credentials, Metadata } from "@grpc/grpc-js";
import type { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import type { AttemptListener } from "../../../../runtime/core/transport/endpoints/attempt.js";
import { GrpcJsAttempt } from "../../../../runtime/core/transport/grpc-js/grpc-js-attempt.js";
import { http2ResponseOf } from "../../../../runtime/core/transport/grpc-js/http2-response.js";
import { startFaultServer } from "../../../faults/fault-server.js";

const PATH = "/test.Echo/Call";
const LARGE = 1 << 20;

type ChannelCall = ConstructorParameters<typeof GrpcJsAttempt>[0];

/** A call without the private members that the gateway reads. */
class OpaqueCall implements ChannelCall {
  readonly #call: ChannelCall;

  constructor(call: ChannelCall) {
    this.#call = call;
  }

  start(...args: Parameters<ChannelCall["start"]>): void {
    this.#call.start(...args);
  }

  startRead(): void {
    this.#call.startRead();
  }

  sendMessageWithContext(...args: Parameters<ChannelCall["sendMessageWithContext"]>): void {
    this.#call.sendMessageWithContext(...args);
  }

  halfClose(): void {
    this.#call.halfClose();
  }

  cancelWithStatus(...args: Parameters<ChannelCall["cancelWithStatus"]>): void {
    this.#call.cancelWithStatus(...args);
  }

  getPeer(): string {
    return this.#call.getPeer();
  }

  getCallNumber(): number {
    return this.#call.getCallNumber();
  }

  setCredentials(...args: Parameters<ChannelCall["setCredentials"]>): void {
    this.#call.setCredentials(...args);
  }

  getAuthContext(): ReturnType<ChannelCall["getAuthContext"]> {
    return this.#call.getAuthContext();
  }
}

test("calls over a version of grpc-js with other private members succeed and fail as usual, with one warning", {
  timeout: 60_000,
}, async (t) => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on("warning", onWarning);
  t.after(() => process.off("warning", onWarning));
  const server = await startFaultServer();
  const channel = new Channel(server.endpoint, credentials.createInsecure(), {});
  t.after(async () => {
    channel.close();
    await server.stop();
  });
  let code = 0;
  server.handle(PATH, async (call) => {
    await call.request();
    call.send(Buffer.alloc(LARGE, "a"));
    call.send(Buffer.from("b"));
    call.end(code, code === 0 ? "" : "not found");
  });
  for (code of [0, 5, 0]) {
    const { lengths, error } = await attempt(channel);
    assert.deepEqual(lengths, [LARGE, 1]);
    assert.deepEqual([error?.code, error?.message], code === 0 ? [undefined, undefined] : [5, "not found"]);
  }
  const [warning, ...others] = warnings.filter(({ name }) => name === "GatewayWarning");
  assert.deepEqual(others, []);
  assert.match(warning?.message ?? "", /^the gateway does not know this version of @grpc\/grpc-js: large responses/);
  assert.ok(warning !== undefined && "code" in warning && warning.code === "GRPC_JS_UNKNOWN");
});

test("any missing member counts as another version", () => {
  for (const call of [
    undefined,
    {},
    { child: {} },
    { child: { underlyingCalls: [] } },
    { child: { underlyingCalls: {} } },
  ]) {
    assert.equal(http2ResponseOf(call), undefined);
  }
});

/** Makes a call that pauses at its headers, and reports its messages and its end. */
function attempt(channel: Channel): Promise<{ lengths: readonly number[]; error: GatewayError | undefined }> {
  return new Promise((resolve) => {
    const lengths: number[] = [];
    const listener: AttemptListener = {
      onHeaders() {
        call.pause();
        setImmediate(() => call.resume());
      },
      onLarge() {},
      onMessage: (message) => void lengths.push(message.length),
      onSent() {},
      onOk: () => resolve({ lengths, error: undefined }),
      onFailed: (_failure, error) => resolve({ lengths, error }),
    };
    const raw = channel.createCall(PATH, Number.POSITIVE_INFINITY, null, null, null);
    const call = new GrpcJsAttempt(new OpaqueCall(raw), new Metadata(), listener, { heard: 0 });
    call.send(Buffer.from("x"), true);
  });
}
