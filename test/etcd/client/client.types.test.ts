import { test } from "node:test";
import { createClient, grpcTransport } from "@etcd-gateway/runtime";
import { etcdClient, type RangeResponse, watch } from "etcd-gateway/client";
import { services } from "etcd-gateway/generated";

/*
 * What the compiler must accept and reject. Nothing here runs: a wrong type fails the type check, and so does an
 * expected error that is none.
 */

test("the HTTP client's types", () => {
  const check = async (): Promise<void> => {
    const etcd = etcdClient({ baseUrl: "http://127.0.0.1:1" });
    const text = etcdClient({ baseUrl: "http://127.0.0.1:1", text: true });

    // What takes the client over gRPC takes this one.
    let either = createClient(services, grpcTransport({ endpoints: ["127.0.0.1:2379"] }));
    either = etcd;
    // @ts-expect-error: text is no bytes
    either = text;
    await either.kv.range({ key: Buffer.from("a") }, { timeout: 1, metadata: { a: "b" } });

    const response: RangeResponse = await etcd.kv.range({ key: "a", limit: 1n }, { signal: AbortSignal.timeout(1) });
    const key: Uint8Array | undefined = response.kvs[0]?.key;
    const { kvs } = await text.kv.range({ key: new Uint8Array(1) });
    const textKey: string | Uint8Array | undefined = kvs[0]?.key;
    // @ts-expect-error: bytes that are no text stay bytes
    const always: string | undefined = kvs[0]?.key;
    const bytes: RangeResponse = await text.kv.range({}, { text: false });
    const called: string | Uint8Array | undefined = (await etcd.kv.range({}, { text: true })).kvs[0]?.key;
    // @ts-expect-error: an int64 is a bigint
    await etcd.kv.range({ limit: 1 });
    // @ts-expect-error: no such field
    await etcd.kv.range({ kee: "a" });
    // @ts-expect-error: the request is needed
    await etcd.kv.range();
    // @ts-expect-error: no such option
    await etcd.kv.range({}, { deadline: 1 });
    // @ts-expect-error: no such option, beside one that is
    await etcd.kv.range({}, { timeout: 1, deadline: 1 });
    // @ts-expect-error: no such RPC
    await etcd.kv.ranje({});
    // @ts-expect-error: the client cannot be changed
    etcd.kv.range = () => Promise.reject();
    // @ts-expect-error: no such number
    await etcd.kv.range({ sort_order: 9 });

    for await (const part of etcd.kv.rangeStream({ limit: 1n })) void part.range_response?.more;
    // @ts-expect-error: a unary call cannot be read in a loop
    for await (const _ of etcd.kv.range({}));
    const watching = etcd.watch.watch({ timeout: 1 });
    await watching.send({ request_union: { $case: "create_request", value: { key: "a" } } });
    // @ts-expect-error: no such request
    await watching.send({ request_union: { $case: "create", value: {} } });
    for await (const { events } of etcd.watch.watch({ requests: [{}] })) void events;
    // @ts-expect-error: who gives all requests sends none
    await etcd.watch.watch({ requests: [{}] }).send({});
    for await (const notice of watch(text.watch, { key: "a" })) {
      if (notice.type === "events") void (notice.events[0]?.kv?.value satisfies string | Uint8Array | undefined);
      // @ts-expect-error: there are no events in it
      if (notice.type === "progress") void notice.events;
    }
    // @ts-expect-error: the base URL is needed
    etcdClient({});
    void [key, textKey, always, bytes, called];
  };
  void check;
});
