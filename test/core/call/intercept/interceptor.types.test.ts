import { test } from "node:test";
import { etcdGateway, type Next } from "etcd-gateway";
import type { Request } from "express";
import { kv, type PutRequest, type RangeRequest, type RangeResponse } from "../../../../generated/index.js";
import type { Service } from "../../../../runtime/core/call/rpc.js";
import { createGateway } from "../../../../runtime/core/gateway/gateway.js";
import { FakeTransport } from "../../http/fake-transport.js";

/*
 * What the compiler must accept and reject. Nothing here runs: a wrong type fails the type check, and so does an
 * expected error that is none.
 */

test("the types of interceptors", () => {
  const endpoints = ["127.0.0.1:2379"];
  const check = (): void => {
    etcdGateway({
      endpoints,
      interceptors: {
        kv: {
          range: async (call, next) => {
            const request: RangeRequest = call.request;
            // @ts-expect-error: not the message of this RPC
            const put: PutRequest = call.request;
            // @ts-expect-error: an int64 is a bigint
            call.request.limit = 1;
            // @ts-expect-error: cannot be exchanged
            call.req = Object(call);
            // @ts-expect-error: not every request is Express's
            call.req.get("x");
            call.metadata = [["tenant", call.req.headers.host ?? ""]];
            // @ts-expect-error: another RPC's request
            await next(put);
            // @ts-expect-error: fields are missing
            await next({ key: request.key });
            const response: RangeResponse = await next({ ...request, limit: 1n });
            return response;
          },
          // @ts-expect-error: another RPC's response
          put: (_call, _next: Next<PutRequest, RangeResponse>) => _next(),
          // @ts-expect-error: a response is due
          deleteRange: () => ({}),
          // @ts-expect-error: an RPC that streams takes hooks
          rangeStream: (_call, next) => next(),
        },
        watch: {
          watch: (call) => {
            // @ts-expect-error: a stream has no single request
            call.request;
            return {
              onRequest: (request) => {
                if (request.request_union?.$case === "create_request") request.request_union.value.prev_kv = true;
                return request;
              },
              onResponse: async (response) => ({ ...response, watch_id: response.watch_id + 1n }),
            };
          },
        },
        lease: {
          // @ts-expect-error: the hook gives back another message
          leaseKeepAlive: () => ({ onRequest: () => ({ TTL: 1n }) }),
        },
      },
    });

    // @ts-expect-error: no such RPC
    etcdGateway({ endpoints, interceptors: { kv: { ranje: () => {} } } });
    // @ts-expect-error: no such service
    etcdGateway({ endpoints, interceptors: { kw: {} } });

    etcdGateway<Request>({
      endpoints,
      interceptors: {
        kv: {
          put: (call, next) => {
            const host: string | undefined = call.req.get("host");
            void host;
            return next();
          },
        },
      },
    });

    etcdGateway<Request>({
      endpoints,
      interceptors: {
        "*": async (call) => {
          const host: string | undefined = call.req.get("host");
          call.metadata = [["host-of-client", host ?? ""]];
          // @ts-expect-error: it sees no message
          call.request;
        },
        // A promise of nothing need not be there.
        auth: { "*": (call) => call.signal.throwIfAborted() },
        // @ts-expect-error: it makes no call
        lease: { "*": (_call, next) => next() },
        // @ts-expect-error: it returns nothing
        kv: { "*": (call) => call.rpc, range: (_call, next) => next() },
        // @ts-expect-error: it is no hooks
        watch: { "*": () => ({ onRequest: (request: unknown) => request }) },
      },
    });
    // @ts-expect-error: not a function
    etcdGateway({ endpoints, interceptors: { "*": {} } });

    const transport = new FakeTransport();
    createGateway({ services: { kv }, transport, interceptors: { kv: { range: (_call, next) => next() } } });
    // @ts-expect-error: no such service here
    createGateway({ services: { kv }, transport, interceptors: { watch: {} } });
    createGateway({ services: [kv], transport, interceptors: { "*": () => {} } });
    // @ts-expect-error: a list has no names
    createGateway({ services: [kv], transport, interceptors: { kv: {} } });
    // Services whose types are not known take no interceptors that could be wrong.
    const untyped: Service = kv;
    // @ts-expect-error: what it would get is not known
    createGateway({ services: { untyped }, transport, interceptors: { untyped: { range: () => ({}) } } });
  };
  void check;
});
