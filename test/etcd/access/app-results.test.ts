import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it, type TestContext } from "node:test";
import { runInNewContext } from "node:vm";
import { kv, lease, RangeResponse, watch } from "../../../generated/index.js";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { createGateway } from "../../../runtime/core/gateway/gateway.js";
import type { GatewayOptions } from "../../../runtime/core/gateway/gateway-options.js";
import { FakeTransport } from "../../core/http/fake-transport.js";
import { listen } from "../../http/listen.js";
import { send } from "../../http/requests.js";

const services = { kv, lease, watch };

/** What an app written in JavaScript may give. */
async function serve(t: TestContext, options: object) {
  const transport = new FakeTransport();
  const causes: unknown[] = [];
  const all: GatewayOptions = {
    services,
    transport,
    onError: (error) => void causes.push(error.cause),
    ...options,
  };
  const port = await listen(t, createServer(createGateway(all).router));
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    send(port, path, body, { headers });
  return { transport, causes, post };
}

const RANGE = ["/v3/kv/range", '{"key":"YQ=="}'] as const;
const KEEP_ALIVE = ["/v3/lease/keepalive", '{"ID":"1"}'] as const;
const rejection = () => new GatewayError(Status.PERMISSION_DENIED, "not yours");

/** Promises that are none of this realm's `Promise`. */
const promises: Readonly<Record<string, (value: () => unknown) => unknown>> = {
  "another realm": (value) => runInNewContext("Promise.resolve().then(value)", { value }),
  "another library": (value) => ({
    // biome-ignore lint/suspicious/noThenProperty: the promise of a library has one
    then(resolve: (value: unknown) => void, reject: (error: unknown) => void) {
      setImmediate(() => {
        try {
          resolve(value());
        } catch (error) {
          reject(error);
        }
      });
    },
  }),
};
const reject = (): never => {
  throw rejection();
};

describe("what an app's function returns", () => {
  for (const [whose, promise] of Object.entries(promises)) {
    it(`is awaited if it is a promise of ${whose}`, async (t) => {
      for (const interceptors of [
        { lease: { leaseKeepAlive: () => promise(reject) } },
        { lease: { leaseKeepAlive: () => ({ onRequest: () => promise(reject) }) } },
        { lease: { leaseKeepAlive: () => promise(() => ({ onRequest: reject })) } },
        { kv: { range: () => promise(reject) } },
      ]) {
        const { transport, post } = await serve(t, { interceptors });
        const [path, body] = "kv" in interceptors ? RANGE : KEEP_ALIVE;
        const { status } = await post(path, body);
        assert.equal(status, 403);
        // A stream whose hook rejects its request may have begun, but etcd has heard nothing on it.
        if (transport.waiting > 0) assert.equal((await transport.nextStream()).waiting, 0);
      }
      const { transport, post } = await serve(t, {
        onError: () => promise(reject),
        interceptors: { kv: { range: reject } },
      });
      assert.equal((await post(...RANGE)).status, 403);
      assert.equal(transport.waiting, 0);
    });
  }

  it("keeps a stream from etcd if it is not an object with hooks", async (t) => {
    const wrong = [undefined, null, false, true, 1, "x", () => {}, [], { onrequest: reject }, { onRequest: true }];
    for (const hooks of [...wrong, new Map(), Promise.resolve(false)]) {
      const { transport, causes, post } = await serve(t, { interceptors: { lease: { leaseKeepAlive: () => hooks } } });
      assert.equal((await post(...KEEP_ALIVE)).status, 500);
      assert.match(String(causes[0]), /returned no hooks: return \{\} if there are none/);
      assert.equal(transport.waiting, 0);
    }
    for (const hooks of [{}, { onRequest: undefined }, runInNewContext("({})"), Object.create(null)]) {
      const { transport, post } = await serve(t, { interceptors: { lease: { leaseKeepAlive: () => hooks } } });
      const answer = post(...KEEP_ALIVE);
      (await transport.nextStream()).finish();
      assert.equal((await answer).status, 200);
    }
  });

  it("gets 500 if it is to be a message and is none", async (t) => {
    for (const value of [undefined, null, false, 1, "x", []]) {
      const unary = await serve(t, { interceptors: { kv: { range: () => value } } });
      assert.equal((await unary.post(...RANGE)).status, 500);
      const hook = await serve(t, { interceptors: { lease: { leaseKeepAlive: () => ({ onRequest: () => value }) } } });
      assert.equal((await hook.post(...KEEP_ALIVE)).status, 500);
      assert.equal((await hook.transport.nextStream()).waiting, 0);
    }
  });

  it("gets 500 if it is to be metadata and is none", async (t) => {
    for (const metadata of [
      undefined,
      Promise.resolve([]),
      { a: 1 },
      "x",
      [["token"]],
      [["token", 1]],
      [null],
      new Map(),
    ]) {
      const mapped = await serve(t, { metadata: () => metadata });
      assert.equal((await mapped.post(...RANGE)).status, 500);
      assert.equal((await mapped.post(...KEEP_ALIVE)).status, 500);
      assert.equal(mapped.transport.waiting, 0);
      const change = (call: { metadata: unknown }): void => {
        call.metadata = metadata;
      };
      const intercepted = await serve(t, {
        interceptors: {
          kv: {
            range: (call: { metadata: unknown }, next: () => unknown) => {
              change(call);
              return next();
            },
          },
          lease: {
            leaseKeepAlive: (call: { metadata: unknown }) => {
              change(call);
              return {};
            },
          },
        },
      });
      assert.equal((await intercepted.post(...RANGE)).status, 500);
      assert.equal((await intercepted.post(...KEEP_ALIVE)).status, 500);
      assert.equal(intercepted.transport.waiting, 0);
    }
  });

  it("ends a stream if it is to number its events and does not", async (t) => {
    for (const numbering of [
      { request: async (wire: Uint8Array) => wire, id: () => "1" },
      { request: (wire: Uint8Array) => wire, id: async () => "1" },
      { request: (wire: Uint8Array) => wire, id: () => "1\ndata: x" },
    ]) {
      const { transport, post } = await serve(t, {
        streams: { events: { "etcdserverpb.Lease.LeaseKeepAlive": () => numbering } },
      });
      const answer = post(...KEEP_ALIVE, { Accept: "text/event-stream" });
      if (numbering.request(Buffer.alloc(1)) instanceof Uint8Array) {
        (await transport.nextStream()).respond(RangeResponse.encode(RangeResponse.create()).finish());
      }
      assert.match((await answer).body, /internal error/);
    }
  });
});
