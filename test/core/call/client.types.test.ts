import { test } from "node:test";
import { kv, lease, type RangeResponse, watch } from "../../../generated/index.js";
import { createClient } from "../../../runtime/core/call/client.js";
import type { Service } from "../../../runtime/core/call/rpc.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";

/*
 * What the compiler must accept and reject. Nothing here runs: a wrong type fails the type check, and so does an
 * expected error that is none.
 */

test("the client's types", () => {
  const check = async (): Promise<void> => {
    const client = createClient({ kv, lease, watch }, grpcTransport({ endpoints: ["127.0.0.1:2379"] }));

    const response: RangeResponse = await client.kv.range(
      { key: Buffer.from("a") },
      { timeout: 1, metadata: { a: "b" } },
    );
    const count: bigint = response.count;
    // @ts-expect-error: an int64 is a bigint
    const wrongCount: number = response.count;
    // @ts-expect-error: no such field
    await client.kv.range({ kee: Buffer.from("a") });
    // @ts-expect-error: bytes, not a string
    await client.kv.range({ key: "a" });
    // @ts-expect-error: the request is needed
    await client.kv.range();
    // @ts-expect-error: no such option
    await client.kv.range({}, { deadline: 1 });
    // @ts-expect-error: no such RPC
    await client.kv.ranje({});
    // @ts-expect-error: no such service
    await client.maintenance.status({});
    // @ts-expect-error: the client cannot be changed
    client.kv.range = () => Promise.reject();

    for await (const part of client.kv.rangeStream({ limit: 1n })) {
      const more: boolean | undefined = part.range_response?.more;
      // @ts-expect-error: a part is no RangeResponse
      const range: RangeResponse = part;
      void [more, range];
    }
    // @ts-expect-error: a server stream is no promise
    await client.kv.rangeStream({}).then();
    // @ts-expect-error: a unary call cannot be read in a loop
    for await (const _ of client.kv.range({}));

    const watching = client.watch.watch({ signal: AbortSignal.timeout(1) });
    await watching.send({ request_union: { $case: "progress_request", value: {} } });
    // @ts-expect-error: no such request
    await watching.send({ request_union: { $case: "progress" } });
    // @ts-expect-error: messages are sent on the stream, not given with the call
    client.watch.watch({ request_union: undefined });
    for await (const { watch_id } of watching) {
      const id: bigint = watch_id;
      void id;
    }
    watching.end();
    for await (const { TTL } of client.lease.leaseKeepAlive()) void (TTL satisfies bigint);

    // Services whose types are not known give no functions to call wrongly.
    const untyped: Service = kv;
    const blind = createClient({ untyped }, grpcTransport({ endpoints: ["127.0.0.1:2379"] }));
    // @ts-expect-error: what it takes is not known
    blind.untyped["range"]({});
    void [count, wrongCount];
  };
  void check;
});
