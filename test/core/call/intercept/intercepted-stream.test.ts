import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { LeaseKeepAliveRequest, watch } from "../../../../generated/index.js";
import { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../../runtime/core/errors/status.js";
import { answer, open, response, send } from "../../../http/requests.js";
import { alive, serve, until } from "./serve-intercepted.js";

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
