import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it, type TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { kv, lease, RangeRequest, watch } from "../../../../generated/index.js";
import { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../../runtime/core/errors/status.js";
import { answer, open, send } from "../../../http/requests.js";
import { alive, COUNT, range, serve, until } from "./serve-intercepted.js";

describe("an interceptor of all RPCs", () => {
  /** What decodes or encodes messages for interceptors of an RPC: nothing may. */
  function forbidMessages(t: TestContext): void {
    for (const { method } of [...Object.values(kv.rpcs), ...Object.values(lease.rpcs), ...Object.values(watch.rpcs)]) {
      for (const name of [
        "requestDeserialize",
        "requestSerialize",
        "responseDeserialize",
        "responseSerialize",
      ] as const) {
        t.mock.method(method, name, () => assert.fail(`${name} of ${method.path}`));
      }
    }
  }

  it("runs before calls of each kind, without their messages, and may change metadata", async (t) => {
    forbidMessages(t);
    const seen: string[] = [];
    const { port, transport } = await serve(t, {
      "*": (call) => {
        seen.push(`* ${call.rpc} ${call.req.url} ${call.signal.aborted}`);
        call.metadata = [...call.metadata, ["of", "all"]];
      },
      lease: {
        "*": async (call) => {
          await turn();
          seen.push("lease");
          call.metadata = [...call.metadata, ["of", "lease"]];
        },
      },
    });
    const ranging = range(port);
    const unary = await transport.nextUnary();
    assert.deepEqual(unary.options.metadata, [["of", "all"]]);
    unary.respond(COUNT, [["x", "y"]]);
    const { status, body, headers } = await ranging;
    assert.deepEqual([status, body, headers["grpc-metadata-x"]], [200, '{"count":"3"}', "y"]);

    const req = open(port, "/v3/lease/keepalive");
    req.end('{"ID":1}{"ID":2}');
    const stream = await transport.nextStream();
    assert.deepEqual(stream.options.metadata, [
      ["of", "all"],
      ["of", "lease"],
    ]);
    for (let i = 0; i < 2; i++) assert.ok((await stream.nextRequest()) !== undefined);
    assert.equal(await stream.nextRequest(), undefined);
    stream.respond(Buffer.from(alive(1n)));
    stream.finish();
    assert.equal((await answer(req)).body, '{"result":{"ID":"1","TTL":"1"}}\n');
    assert.deepEqual(seen, [
      "* etcdserverpb.KV.Range /v3/kv/range false",
      "* etcdserverpb.Lease.LeaseKeepAlive /v3/lease/keepalive false",
      "lease",
    ]);
  });

  it("runs before that of the service, and that before that of the RPC, which has its metadata", async (t) => {
    const order: unknown[] = [];
    const { port, transport } = await serve(t, {
      "*": () => void order.push("all"),
      kv: {
        "*": async (call) => {
          await turn();
          call.metadata = [["a", "1"]];
          order.push("kv");
        },
        range: (call, next) => {
          order.push(call.metadata);
          return next({ ...call.request, limit: 7n });
        },
      },
    });
    const ranging = range(port);
    const call = await transport.nextUnary();
    assert.equal(RangeRequest.decode(call.request).limit, 7n);
    assert.deepEqual(call.options.metadata, [["a", "1"]]);
    call.respond(COUNT);
    assert.equal((await ranging).status, 200);
    assert.deepEqual(order, ["all", "kv", [["a", "1"]]]);
  });

  it("rejects unary calls and streams, at once or later, and nothing else runs", async (t) => {
    const rejection = new GatewayError(Status.PERMISSION_DENIED, "not yours");
    const { port, transport } = await serve(t, {
      "*": async () => {
        await turn();
        throw rejection;
      },
      kv: { range: () => assert.fail() },
      watch: { "*": () => assert.fail(), watch: () => assert.fail() },
    });
    for (const path of ["/v3/kv/range", "/v3/kv/put", "/v3/watch", "/v3/lease/keepalive"]) {
      const { status, body } = await send(port, path, "{}");
      assert.equal(status, 403, path);
      assert.match(body, /not yours/);
    }
    assert.equal(transport.waiting, 0);
  });

  it("lets nobody through if it breaks, or returns something", async (t) => {
    for (const broken of [() => JSON.parse("{"), () => Reflect.get({ a: false }, "a"), async () => JSON.parse("1")]) {
      const { port, transport, errors } = await serve(t, { "*": broken });
      for (const path of ["/v3/kv/range", "/v3/lease/keepalive"]) {
        const { status, body } = await send(port, path, "{}");
        assert.equal(status, 500);
        assert.match(body, /internal error/);
      }
      assert.equal(transport.waiting, 0);
      assert.equal(errors.length, 2);
    }
  });

  it("is told when the call has failed: its own look-ups need not go on", async (t) => {
    const signals: AbortSignal[] = [];
    const { port } = await serve(t, {
      "*": async (call) => {
        signals.push(call.signal);
        await turn();
        throw new GatewayError(Status.DEADLINE_EXCEEDED, "the look-up takes too long");
      },
    });
    for (const path of ["/v3/kv/range", "/v3/lease/keepalive"]) {
      assert.equal((await send(port, path, "{}")).status, 504);
      assert.ok(signals.shift()?.aborted, path);
    }
  });

  it("is told when nobody waits any more, and has the time of the call", async (t) => {
    const signals: AbortSignal[] = [];
    const { port, transport } = await serve(t, {
      "*": (call) => {
        signals.push(call.signal);
        return new Promise(() => {});
      },
    });
    for (const path of ["/v3/kv/range", "/v3/lease/keepalive"]) {
      const req = open(port, path).on("error", () => {});
      req.end("{}");
      const signal = await until(() => signals.shift());
      req.destroy();
      if (!signal.aborted) await once(signal, "abort");
    }
    assert.equal((await range(port, undefined, { "Grpc-Timeout": "20m" })).status, 504);
    assert.equal(transport.waiting, 0);
  });
});
