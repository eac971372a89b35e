import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { kv, RangeRequest, RangeResponse } from "../../../../generated/index.js";
import { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../../runtime/core/errors/status.js";
import { createGateway } from "../../../../runtime/core/gateway/gateway.js";
import { listen } from "../../../http/listen.js";
import { open, send } from "../../../http/requests.js";
import { FakeTransport } from "../../http/fake-transport.js";
import { COUNT, range, serve, services } from "./serve-intercepted.js";

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

  it("knows the request as its host does", async (t) => {
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
