import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { setImmediate } from "node:timers/promises";
import { WatchCreateRequest, WatchRequest, WatchResponse } from "etcd-gateway/generated";
import { ConnectionBroken } from "../../../runtime/core/errors/connection-broken.js";
import type { CallOptions, StreamCall, Transport } from "../../../runtime/core/transport/transport.js";
import { type ResumeOptions, resumingTransport } from "../../../runtime/etcd/streams/resuming-transport.js";
import { type FakeStream, FakeTransport } from "../../core/http/fake-transport.js";
import { callOptions, StreamRecorder } from "../../core/transport/recorded-calls.js";

export const WATCH = "/etcdserverpb.Watch/Watch";
export const KEEP_ALIVE = "/etcdserverpb.Lease/LeaseKeepAlive";
export const OBSERVE = "/v3electionpb.Election/Observe";

/** A call over a resuming transport. The test plays etcd. */
export class Session {
  readonly etcd = new FakeTransport();
  readonly client = new StreamRecorder();
  readonly transport: Transport;
  readonly call: StreamCall;

  constructor(
    t: TestContext,
    path: string,
    options: Partial<ResumeOptions> = {},
    callOption: Partial<CallOptions> = {},
  ) {
    this.transport = resumingTransport(this.etcd, {
      timeout: 60_000,
      refusals: "message",
      maxWatches: 10_000,
      ...options,
    });
    t.after(async () => {
      if (this.client.ends === 0) this.call.cancel();
      await setImmediate();
    });
    this.call = this.transport.stream(path, callOptions({ deadline: undefined, ...callOption }), this.client);
  }

  /** Takes the next call that the transport has made to etcd. */
  async opened(): Promise<FakeStream> {
    assert.equal(this.etcd.waiting, 1, "one call to etcd");
    return this.etcd.nextStream();
  }

  send(request: WatchRequest["request_union"]): boolean {
    return this.call.send(WatchRequest.encode({ request_union: request }).finish());
  }

  create(create: Partial<WatchCreateRequest> = {}): boolean {
    const value = WatchCreateRequest.fromPartial({ key: Buffer.from("k"), ...create });
    return this.send({ $case: "create_request", value });
  }

  cancelWatch(watch_id: bigint): boolean {
    return this.send({ $case: "cancel_request", value: { watch_id } });
  }

  /** Returns what the client has received since the last call of this method. */
  heard(): object[] {
    return this.client.messages.splice(0).map((message) => brief(WatchResponse.decode(message)));
  }
}

/** Returns the transport's requests to etcd since the last call of this function. `end` is the end of the requests. */
export async function asked(stream: FakeStream): Promise<unknown[]> {
  const requests: unknown[] = [];
  while (stream.waiting > 0) {
    const request = await stream.nextRequest();
    if (request === undefined) {
      requests.push("end");
      continue;
    }
    const action = WatchRequest.decode(request).request_union;
    if (action?.$case === "create_request") requests.push({ create: briefCreate(action.value) });
    else if (action?.$case === "cancel_request") requests.push({ cancel: Number(action.value.watch_id) });
    else requests.push(action?.$case ?? "nothing");
  }
  return requests;
}

/** Returns the bytes of a `WatchResponse`. `events` are revisions. */
export function news(fields: {
  readonly id?: number;
  readonly at: number;
  /** The id of the cluster, 1 by default. */
  readonly cluster?: number;
  readonly created?: true;
  readonly canceled?: true;
  readonly compacted?: number;
  readonly reason?: string;
  readonly fragment?: true;
  readonly events?: readonly number[];
}): Uint8Array {
  return WatchResponse.encode(
    WatchResponse.fromPartial({
      header: { cluster_id: BigInt(fields.cluster ?? 1), member_id: 2n, revision: BigInt(fields.at), raft_term: 3n },
      watch_id: BigInt(fields.id ?? 0),
      created: fields.created ?? false,
      canceled: fields.canceled ?? false,
      compact_revision: BigInt(fields.compacted ?? 0),
      cancel_reason: fields.reason ?? "",
      fragment: fields.fragment ?? false,
      events: (fields.events ?? []).map((revision) => ({
        kv: { key: Buffer.from("k"), mod_revision: BigInt(revision), value: Buffer.alloc(200, revision) },
        prev_kv: { key: Buffer.from("k"), mod_revision: 1n },
      })),
    }),
  ).finish();
}

/** Breaks the connection. */
export function cut(stream: FakeStream): ConnectionBroken {
  const error = new ConnectionBroken();
  stream.finish(error);
  return error;
}

/** Stops `setTimeout` and `performance.now`. Returns a function that advances both. */
export function clock(t: TestContext): (milliseconds: number) => void {
  let now = performance.now();
  t.mock.method(performance, "now", () => now);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  return (milliseconds) => {
    now += milliseconds;
    t.mock.timers.tick(milliseconds);
  };
}

/** Simplifies a response: without empty members, with plain numbers, and with the revisions of its events. */
function brief({ header, watch_id, events, ...rest }: WatchResponse): object {
  return {
    id: Number(watch_id),
    at: Number(header?.revision),
    ...plain(rest),
    ...(events.length > 0 && { events: events.map(({ kv }) => Number(kv?.mod_revision)) }),
  };
}

function briefCreate({ key, ...rest }: WatchCreateRequest): object {
  return { key: Buffer.from(key).toString(), ...plain({ ...rest, range_end: Buffer.from(rest.range_end).toString() }) };
}

function plain(message: object): object {
  return Object.fromEntries(
    Object.entries(message)
      .map(([name, value]) => [name, typeof value === "bigint" ? Number(value) : value])
      .filter(
        ([, value]) => value !== 0 && value !== "" && value !== false && !(Array.isArray(value) && value.length === 0),
      ),
  );
}
