import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { describe, it, type TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import {
  kv,
  LeaseKeepAliveRequest,
  LeaseKeepAliveResponse,
  lease,
  RangeRequest,
  RangeResponse,
  watch,
} from "../../../generated/index.js";
import type { Interceptors } from "../../../runtime/core/call/intercept/interceptor.js";
import { GatewayError } from "../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../runtime/core/errors/status.js";
import { createGateway } from "../../../runtime/core/gateway/gateway.js";
import type { GatewayOptions } from "../../../runtime/core/gateway/gateway-options.js";
import { FakeTransport } from "../../core/http/fake-transport.js";
import { answer, listen, open, response, send } from "../../core/http/serve-notes.js";

const services = { kv, lease, watch };
const COUNT = RangeResponse.encode({ header: undefined, kvs: [], more: false, count: 3n }).finish();

async function serve(
  t: TestContext,
  interceptors: Interceptors<typeof services>,
  options: Partial<GatewayOptions> = {},
) {
  const transport = new FakeTransport();
  const errors: GatewayError[] = [];
  const onError = (error: GatewayError): void => void errors.push(error);
  const gateway = createGateway({ onError, ...options, services, transport, interceptors });
  const port = await listen(t, createServer(gateway.router));
  return { gateway, transport, port, errors };
}

const range = (port: number, body = '{"key":"YQ=="}', headers = {}) => send(port, "/v3/kv/range", body, { headers });

describe("an interceptor of a unary RPC", () => {
  it("sees the request, its HTTP request and metadata, and the response", async (t) => {
    const seen: unknown[] = [];
    const { port, transport } = await serve(t, {
      kv: {
        range: async (call, next) => {
          seen.push(call.rpc, call.req.url, call.metadata, call.request.key.toString(), call.signal.aborted);
          const answered = await next();
          seen.push(answered.count);
          return answered;
        },
      },
    });
    const answering = range(port, undefined, { "Grpc-Metadata-Tenant": "t1" });
    const call = await transport.nextUnary();
    assert.equal(RangeRequest.decode(call.request).key.toString(), "a");
    assert.deepEqual(call.options.metadata, [["tenant", "t1"]]);
    call.respond(COUNT, [["x", "y"]]);
    const { status, body, headers } = await answering;
    assert.deepEqual({ status, body, x: headers["grpc-metadata-x"] }, { status: 200, body: '{"count":"3"}', x: "y" });
    assert.deepEqual(seen, ["etcdserverpb.KV.Range", "/v3/kv/range", [["tenant", "t1"]], "a", false, 3n]);
  });

  it("changes request, metadata and response", async (t) => {
    const { port, transport } = await serve(t, {
      kv: {
        range: async (call, next) => {
          call.metadata = [...call.metadata, ["tenant", "t1"], ["Bad Key", "x"]];
          call.request = { ...call.request, limit: 7n };
          return { ...(await next()), count: 4n };
        },
        put: (call, next) => next({ ...call.request, value: Buffer.from("other") }),
      },
    });
    const ranging = range(port);
    const call = await transport.nextUnary();
    assert.equal(RangeRequest.decode(call.request).limit, 7n);
    assert.deepEqual(call.options.metadata.slice(0, 1), [["tenant", "t1"]]);
    call.respond(COUNT);
    assert.equal((await ranging).body, '{"count":"4"}');
    const putting = send(port, "/v3/kv/put", "{}");
    const put = await transport.nextUnary();
    assert.equal(kv.rpcs.put.method.requestDeserialize(put.request).value.toString(), "other");
    put.respond(Buffer.alloc(0));
    assert.equal((await putting).body, "{}");
  });

  it("rejects, with the status that it throws, and no call is made", async (t) => {
    const { port, transport, errors } = await serve(t, {
      kv: {
        range: () => {
          throw new GatewayError(Status.PERMISSION_DENIED, "not yours", { headers: { "Retry-After": "1" } });
        },
      },
    });
    const { status, body, headers } = await range(port);
    assert.deepEqual({ status, body: JSON.parse(body) }, { status: 403, body: { code: 7, message: "not yours" } });
    assert.equal(headers["retry-after"], "1");
    assert.equal(transport.waiting, 0);
    assert.deepEqual(
      errors.map(({ message }) => message),
      ["not yours"],
    );
  });

  it("responds without the server, or asks it twice", async (t) => {
    const { port, transport } = await serve(t, {
      kv: {
        range: () => ({ header: undefined, kvs: [], more: false, count: 1n }),
        put: async (_call, next) => {
          await next().catch(() => {});
          return next();
        },
      },
    });
    assert.equal((await range(port)).body, '{"count":"1"}');
    const putting = send(port, "/v3/kv/put", "{}");
    (await transport.nextUnary()).fail(new GatewayError(Status.ABORTED, "again"));
    (await transport.nextUnary()).respond(Buffer.alloc(0));
    assert.equal((await putting).status, 200);
  });

  it("tells clients nothing when it fails", async (t) => {
    const failures: readonly unknown[] = [
      new Error("db at 10.0.0.1"),
      Object.assign(new Error("secret"), { code: 7, details: "secret" }),
      "secret",
      undefined,
    ];
    let failure: unknown;
    const { port, transport, errors } = await serve(t, {
      kv: {
        range: async () => {
          throw failure;
        },
        // @ts-expect-error: a response is due
        put: async () => {},
        // @ts-expect-error: a response is due
        txn: () => ({ responses: 3 }),
      },
    });
    const internal = '{"code":13,"message":"internal error"}';
    for (failure of failures) {
      const { status, body } = await range(port);
      assert.deepEqual({ status, body }, { status: 500, body: internal });
      assert.equal(errors.at(-1)?.cause, failure);
    }
    for (const path of ["put", "txn"]) assert.equal((await send(port, `/v3/kv/${path}`, "{}")).body, internal);
    assert.match(String(errors.at(-2)?.cause), /returned nothing: return the response of next()/);
    assert.equal(transport.waiting, 0);
  });

  it("that does not wait for next ends no process", async (t) => {
    const { port, transport } = await serve(t, {
      kv: {
        range: (_call, next) => {
          void next();
          throw new GatewayError(Status.ABORTED, "changed my mind");
        },
      },
    });
    assert.equal((await range(port)).status, 409);
    (await transport.nextUnary()).fail(new GatewayError(Status.UNAVAILABLE, "gone"));
    await turn();
  });

  it("that ends before its calls leaves none at the server, and makes none afterwards", async (t) => {
    const late = () => new GatewayError(Status.DEADLINE_EXCEEDED, "the lock is taken");
    const own = RangeResponse.create({ count: 1n });
    for (const [status, end] of [
      [504, () => Promise.reject(late())],
      [200, () => Promise.resolve(own)],
    ] as const) {
      let give: () => void = () => {};
      let signal: AbortSignal | undefined;
      let afterwards: Promise<unknown> | undefined;
      const { port, transport } = await serve(t, {
        kv: {
          range: async (call, next) => {
            signal = call.signal;
            const given = new Promise<void>((resolve) => {
              give = resolve;
            });
            const limited = given.then(end);
            afterwards = limited
              .catch(() => {})
              .then(turn)
              .then(() => next());
            afterwards.catch(() => {});
            return Promise.race([next(), next(), limited]);
          },
        },
      });
      const ranging = range(port);
      const calls = [await transport.nextUnary(), await transport.nextUnary()];
      assert.equal(signal?.aborted, false);
      give();
      assert.equal((await ranging).status, status);
      for (const call of calls) await call.canceled;
      assert.ok(signal?.aborted);
      await assert.rejects(async () => afterwards, { code: Status.CANCELLED });
      assert.equal(transport.waiting, 0);
    }
  });

  it("that has the response keeps its signal for what follows", async (t) => {
    let signal: AbortSignal | undefined;
    const { port, transport } = await serve(t, {
      kv: {
        range: (call, next) => {
          signal = call.signal;
          return next();
        },
      },
    });
    const ranging = range(port);
    (await transport.nextUnary()).respond(COUNT);
    assert.equal((await ranging).status, 200);
    assert.equal(signal?.aborted, false);
  });

  it("that forgets to return the response of next gets its client 500, though the server has executed the call", async (t) => {
    const { port, transport, errors } = await serve(t, {
      kv: {
        // @ts-expect-error: a response is due
        put: async (_call, next) => {
          await next();
        },
      },
    });
    const putting = send(port, "/v3/kv/put", "{}");
    (await transport.nextUnary()).respond(Buffer.alloc(0));
    const { status, body } = await putting;
    assert.deepEqual([status, body], [500, '{"code":13,"message":"internal error"}']);
    assert.match(String(errors[0]?.cause), /returned nothing: return the response of next\(\)/);
  });

  it("hears that the client is gone, and its call is canceled", async (t) => {
    const signals: AbortSignal[] = [];
    const { port, transport } = await serve(t, {
      kv: {
        range: (call, next) => {
          signals.push(call.signal);
          return next();
        },
      },
    });
    const req = open(port, "/v3/kv/range");
    req.on("error", () => {}).end("{}");
    const call = await transport.nextUnary();
    const [signal] = signals;
    assert.ok(signal !== undefined && !signal.aborted);
    req.destroy();
    await once(signal, "abort");
    await call.canceled;
  });

  it("has the time that the call has, and no more", async (t) => {
    const { port, transport } = await serve(t, {
      kv: {
        range: (call, next) =>
          new Promise((_, reject) =>
            call.signal.addEventListener("abort", () => {
              next().catch(reject);
            }),
          ),
      },
    });
    const { status, body } = await range(port, "{}", { "Grpc-Timeout": "20m" });
    assert.deepEqual({ status, body }, { status: 504, body: '{"code":4,"message":"context deadline exceeded"}' });
    assert.equal(transport.waiting, 0);
  });

  it("is waited for when the gateway closes, and cut off after the grace period", async (t) => {
    const { port, gateway, transport } = await serve(t, { kv: { range: () => new Promise(() => {}) } });
    const hanging = range(port);
    const put = send(port, "/v3/kv/put", "{}");
    const call = await transport.nextUnary();
    const closing = gateway.close(20);
    call.respond(Buffer.alloc(0));
    assert.equal((await put).status, 200);
    assert.equal((await hanging).status, 503);
    await closing;
  });

  it("leaves other RPCs alone", async (t) => {
    const { port, transport } = await serve(t, { kv: { range: () => assert.fail() } });
    const putting = send(port, "/v3/kv/put", '{"key":"YQ=="}');
    (await transport.nextUnary()).respond(Buffer.alloc(0));
    assert.equal((await putting).status, 200);
  });
});

const alive = (ID: bigint): Uint8Array => LeaseKeepAliveResponse.encode({ header: undefined, ID, TTL: 1n }).finish();

describe("an interceptor of a stream", () => {
  it("changes each message on its way, in order, however long it takes", async (t) => {
    const waits: (() => void)[] = [];
    const { port, transport } = await serve(t, {
      lease: {
        leaseKeepAlive: (call) => {
          call.metadata = [["from", call.req.headers["x-from"] === "t" ? "test" : ""]];
          return {
            onRequest: async (request) => {
              if (request.ID === 1n) await new Promise<void>((resolve) => waits.push(resolve));
              return { ...request, ID: request.ID * 10n };
            },
            onResponse: (answered) => ({ ...answered, TTL: answered.TTL + 1n }),
          };
        },
      },
    });
    const req = open(port, "/v3/lease/keepalive", { headers: { "X-From": "t" } });
    req.end('{"ID":1}{"ID":2}{"ID":3}');
    const stream = await transport.nextStream();
    assert.deepEqual(stream.options.metadata, [["from", "test"]]);
    await turn();
    assert.equal(stream.waiting, 0);
    waits[0]?.();
    for (const id of [10n, 20n, 30n]) {
      assert.equal(LeaseKeepAliveRequest.decode((await stream.nextRequest()) ?? Buffer.alloc(0)).ID, id);
    }
    assert.equal(await stream.nextRequest(), undefined);
    stream.respond(alive(10n));
    stream.respond(alive(20n));
    stream.finish();
    const { body } = await answer(req);
    assert.equal(body, '{"result":{"ID":"10","TTL":"2"}}\n{"result":{"ID":"20","TTL":"2"}}\n');
  });

  it("holds the server back while a response waits, and ends after the last", async (t) => {
    const waits: (() => void)[] = [];
    const { port, transport } = await serve(t, {
      watch: {
        watch: () => ({
          onResponse: (answered) => new Promise((resolve) => waits.push(() => resolve(answered))),
        }),
      },
    });
    const req = open(port, "/v3/watch");
    req.end("{}");
    const answering = answer(req);
    const stream = await transport.nextStream();
    stream.respond(
      watch.rpcs.watch.method.responseSerialize(watch.rpcs.watch.method.responseDeserialize(Buffer.of(16, 1))),
    );
    stream.respond(Buffer.of(16, 2));
    assert.equal(stream.paused, true);
    stream.finish(new GatewayError(Status.UNAVAILABLE, "gone"));
    waits[0]?.();
    await turn();
    waits[1]?.();
    const lines = (await answering).body.trimEnd().split("\n");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      [{ result: { watch_id: "1" } }, { result: { watch_id: "2" } }, { error: { code: 14, message: "gone" } }],
    );
  });

  it("rejects before the call is made, at once or later", async (t) => {
    const rejection = new GatewayError(Status.PERMISSION_DENIED, "not yours");
    const { port, transport } = await serve(t, {
      watch: {
        watch: () => {
          throw rejection;
        },
      },
      lease: { leaseKeepAlive: () => Promise.reject(rejection) },
    });
    for (const path of ["/v3/watch", "/v3/lease/keepalive"]) {
      const { status, body } = await send(port, path, "{}");
      assert.deepEqual(
        { status, body: JSON.parse(body) },
        { status: 403, body: { error: { code: 7, message: "not yours" } } },
      );
    }
    assert.equal(transport.waiting, 0);
  });

  it("ends the stream when a hook throws, and cancels the call", async (t) => {
    const { port, transport, errors } = await serve(t, {
      lease: {
        leaseKeepAlive: () => ({
          onRequest(request) {
            if (request.ID === 2n) throw new GatewayError(Status.PERMISSION_DENIED, "not that lease");
            return request;
          },
        }),
      },
      watch: {
        watch: () => ({
          onResponse: async () => {
            throw new Error("db at 10.0.0.1");
          },
        }),
      },
    });
    const req = open(port, "/v3/lease/keepalive");
    req.write('{"ID":1}');
    const stream = await transport.nextStream();
    stream.respond(alive(1n));
    const res = await response(req);
    req.end('{"ID":2}');
    const lines = Buffer.concat(await res.toArray()).toString();
    assert.equal(lines, '{"result":{"ID":"1","TTL":"1"}}\n{"error":{"code":7,"message":"not that lease"}}\n');
    await stream.canceled;

    const watching = send(port, "/v3/watch", "{}");
    const watched = await transport.nextStream();
    watched.respond(Buffer.of(16, 1));
    const { status, body } = await watching;
    assert.deepEqual({ status, body }, { status: 500, body: '{"error":{"code":13,"message":"internal error"}}\n' });
    assert.match(String(errors.at(-1)?.cause), /10\.0\.0\.1/);
    await watched.canceled;
  });

  it("is told when the server has ended the stream with an error", async (t) => {
    let signal: AbortSignal | undefined;
    const { port, transport } = await serve(t, {
      lease: {
        leaseKeepAlive: (call) => {
          signal = call.signal;
          return { onRequest: () => new Promise(() => {}) };
        },
      },
    });
    const sent = send(port, "/v3/lease/keepalive", '{"ID":1}');
    (await transport.nextStream()).finish(new GatewayError(Status.NOT_FOUND, "no such lease"));
    assert.equal((await sent).status, 404);
    assert.ok(signal?.aborted);
  });

  it("keeps the pace of the server and of the client", async (t) => {
    const { port, transport } = await serve(t, { lease: { leaseKeepAlive: async () => ({}) } });
    const req = open(port, "/v3/lease/keepalive");
    req.write('{"ID":1}');
    const stream = await transport.nextStream();
    stream.full = true;
    await stream.nextRequest();
    req.write('{"ID":2}');
    req.write('{"ID":3}');
    for (let bytes = 0; bytes < 20; bytes++) await turn();
    stream.drain();
    await stream.nextRequest();
    await stream.nextRequest();
    req.end();
    assert.equal(await stream.nextRequest(), undefined);
    stream.finish();
    assert.equal((await answer(req)).status, 200);
  });

  it("is canceled with its client, before the call and after", async (t) => {
    const signals: AbortSignal[] = [];
    const { port, transport } = await serve(t, {
      watch: {
        watch: (call) => {
          signals.push(call.signal);
          return {};
        },
      },
      lease: {
        leaseKeepAlive: (call) => {
          signals.push(call.signal);
          return new Promise(() => {});
        },
      },
    });
    for (const path of ["/v3/watch", "/v3/lease/keepalive"]) {
      const req = open(port, path);
      req.on("error", () => {}).end("{}");
      const signal = await until(() => signals.shift());
      req.destroy();
      await once(signal, "abort");
    }
    await (await transport.nextStream()).canceled;
    assert.equal(transport.waiting, 0);
  });
});

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

async function until<Value>(ask: () => Value | undefined): Promise<Value> {
  for (;;) {
    const value = ask();
    if (value !== undefined) return value;
    await turn();
  }
}

describe("interceptors", () => {
  const make = (interceptors: object): unknown =>
    createGateway({ services, transport: new FakeTransport(), interceptors });

  it("are rejected for what there is not", () => {
    assert.throws(() => make({ kv: { ranje: () => {} } }), {
      name: "TypeError",
      message: /^invalid interceptors\.kv: unknown RPC "ranje": expected one of range, /,
    });
    assert.throws(() => make({ kw: {} }), {
      message: 'invalid interceptors: unknown service "kw": expected one of kv, lease, watch',
    });
    assert.throws(() => make({ kv: { toString: () => {} } }), { message: /unknown RPC "toString"/ });
    for (const wrong of [{}, "x", null]) {
      assert.throws(() => make({ "*": wrong }), { message: 'invalid interceptors["*"]: expected a function' });
      assert.throws(() => make({ kv: { "*": wrong } }), {
        message: 'invalid interceptors.kv["*"]: expected a function',
      });
    }
    assert.throws(() => make({ kv: { range: {} } }), {
      message: "invalid interceptors: expected a function for etcdserverpb.KV.Range",
    });
  });

  it("are plain objects: of others the functions would not be found, and calls would pass", () => {
    class Guard {
      range(): never {
        throw new Error("rejected");
      }
    }
    for (const ofService of [new Guard(), new Map([["range", () => {}]]), () => {}, 5, true]) {
      assert.throws(() => make({ kv: ofService }), {
        name: "TypeError",
        message: "invalid interceptors.kv: expected a plain object with a function for each RPC",
      });
    }
    assert.throws(() => make(new Map()), { message: /^invalid interceptors: expected a plain object/ });
  });

  it("may be left undefined", () => {
    make({ kv: undefined });
    make({ kv: { range: undefined } });
    make({ "*": undefined, kv: { "*": undefined } });
  });

  it("know the request as their host does", async (t) => {
    interface WithUser extends IncomingMessage {
      user?: string;
    }
    const users: unknown[] = [];
    const transport = new FakeTransport();
    const gateway = createGateway<typeof services, WithUser>({
      services,
      transport,
      interceptors: {
        kv: {
          range: (call, next) => {
            users.push(call.req.user);
            return next();
          },
        },
      },
    });
    const port = await listen(
      t,
      createServer((req, res) => gateway.router(Object.assign(req, { user: "alice" }), res)),
    );
    const ranging = range(port);
    (await transport.nextUnary()).respond(COUNT);
    await ranging;
    assert.deepEqual(users, ["alice"]);
  });
});
