import { Compare_CompareResult, Compare_CompareTarget, type Etcd } from "../../app/bundled-client.js";
import { type Binary, fromBinary, prefixEnd, prefixStart, toBinary } from "../../bytes/binary.js";
import type { KeySource, Scan } from "./key-source.js";

/** The state of a key at a revision. */
export interface KeyState {
  readonly key: Binary;
  readonly value: Uint8Array;
  readonly createRevision: bigint;
  readonly modRevision: bigint;
  readonly version: bigint;
  /** The ID of the key's lease; zero if it has none. */
  readonly lease: bigint;
}

/** A key, and the revision of the store at which it was read. */
export interface Reading {
  /** `undefined` if the key does not exist. */
  readonly state: KeyState | undefined;
  readonly revision: bigint;
}

/** The result of a conditional change. */
export type Outcome =
  | { readonly isDone: true; readonly revision: bigint }
  | { readonly isDone: false; readonly current: KeyState | undefined };

/** A key in etcd's messages. */
interface KeyValue {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly create_revision: bigint;
  readonly mod_revision: bigint;
  readonly version: bigint;
  readonly lease: bigint;
}

/** Returns the state of a key from etcd's message. */
export function keyStateOf(kv: KeyValue): KeyState {
  return {
    key: toBinary(kv.key),
    value: kv.value,
    createRevision: kv.create_revision,
    modRevision: kv.mod_revision,
    version: kv.version,
    lease: kv.lease,
  };
}

/** Reads and changes etcd's keys. A change succeeds only if no other client has changed the key in the meantime. */
export class KeyStore implements KeySource {
  readonly #etcd: Etcd;

  constructor(etcd: Etcd) {
    this.#etcd = etcd;
  }

  async scan(start: Binary, end: Binary, limit: number): Promise<Scan> {
    const { kvs, more, count, header } = await this.#etcd.kv.range({
      key: fromBinary(start),
      range_end: fromBinary(end),
      limit: BigInt(limit),
      keys_only: true,
    });
    const keys = kvs.map(({ key }) => toBinary(key));
    return { keys, more, count: Number(count), revision: header?.revision ?? 0n };
  }

  /**
   * Reads a page of keys with their values. Pages with the same revision are consistent.
   *
   * @param range its revision is zero for the newest
   */
  async page(
    range: { readonly start: Binary; readonly end: Binary; readonly limit: number; readonly revision: bigint },
    signal?: AbortSignal,
  ): Promise<{
    readonly states: readonly KeyState[];
    readonly more: boolean;
    readonly count: number;
    readonly revision: bigint;
  }> {
    const { kvs, more, count, header } = await this.#etcd.kv.range(
      {
        key: fromBinary(range.start),
        range_end: fromBinary(range.end),
        limit: BigInt(range.limit),
        revision: range.revision,
      },
      signal === undefined ? {} : { signal },
    );
    const revision = range.revision === 0n ? (header?.revision ?? 0n) : range.revision;
    return { states: kvs.map(keyStateOf), more, count: Number(count), revision };
  }

  /** Reads a key. @param revision zero for the newest */
  async read(key: Binary, revision = 0n): Promise<Reading> {
    const { kvs, header } = await this.#etcd.kv.range({ key: fromBinary(key), revision });
    const [kv] = kvs;
    return { state: kv === undefined ? undefined : keyStateOf(kv), revision: header?.revision ?? 0n };
  }

  /** Creates a key, if it does not exist. */
  create(key: Binary, value: Uint8Array, lease = 0n): Promise<Outcome> {
    return this.#change(key, 0n, { $case: "request_put", value: { key: fromBinary(key), value, lease } });
  }

  /** Changes a key's value, if the key has not changed since a revision. Its lease stays. */
  update(key: Binary, value: Uint8Array, since: bigint): Promise<Outcome> {
    return this.#change(key, since, {
      $case: "request_put",
      value: { key: fromBinary(key), value, ignore_lease: true },
    });
  }

  /** Deletes a key, if it has not changed since a revision. */
  remove(key: Binary, since: bigint): Promise<Outcome> {
    return this.#change(key, since, { $case: "request_delete_range", value: { key: fromBinary(key) } });
  }

  /** @param since the revision of the key's last change; zero if the key does not exist */
  async #change(key: Binary, since: bigint, request: ChangeRequest): Promise<Outcome> {
    const bytes = fromBinary(key);
    const { succeeded, responses, header } = await this.#etcd.kv.txn({
      compare: [unchanged(key, since)],
      success: [{ request }],
      failure: [{ request: { $case: "request_range", value: { key: bytes } } }],
    });
    if (succeeded) return { isDone: true, revision: header?.revision ?? 0n };
    const response = responses[0]?.response;
    const kv = response?.$case === "response_range" ? response.value.kvs[0] : undefined;
    return { isDone: false, current: kv === undefined ? undefined : keyStateOf(kv) };
  }

  /** Reads keys at one revision. Keys that do not exist are left out. */
  async readAll(keys: readonly Binary[]): Promise<ReadonlyMap<Binary, KeyState>> {
    const { responses } = await this.#etcd.kv.txn({
      success: keys.map((key) => ({ request: { $case: "request_range", value: { key: fromBinary(key) } } })),
    });
    const states = responses.flatMap(({ response }) =>
      response?.$case === "response_range" ? response.value.kvs.map(keyStateOf) : [],
    );
    return new Map(states.map((state) => [state.key, state]));
  }

  /** Writes keys, if none has changed since it was read. Leases stay. @returns whether they were written */
  async writeAll(writes: readonly Write[]): Promise<boolean> {
    const { succeeded } = await this.#etcd.kv.txn({
      compare: writes.map(({ line: { key }, current }) => unchanged(key, current?.modRevision ?? 0n)),
      success: writes.map(({ line: { key, value }, current }) => ({
        request: {
          $case: "request_put",
          value: { key: fromBinary(key), value, ...(current !== undefined && { ignore_lease: true }) },
        },
      })),
    });
    return succeeded;
  }

  /**
   * Deletes all keys with a prefix, if none of them has changed since a revision.
   *
   * @returns the number of deleted keys; `undefined` if a key has changed, in which case none is deleted
   */
  async removeAll(prefix: Binary, since: bigint): Promise<number | undefined> {
    const range = { key: fromBinary(prefixStart(prefix)), range_end: fromBinary(prefixEnd(prefix)) };
    const { succeeded, responses } = await this.#etcd.kv.txn({
      compare: [
        {
          target: Compare_CompareTarget.MOD,
          result: Compare_CompareResult.LESS,
          ...range,
          target_union: { $case: "mod_revision", value: since + 1n },
        },
      ],
      success: [{ request: { $case: "request_delete_range", value: range } }],
    });
    if (!succeeded) return undefined;
    const response = responses[0]?.response;
    return response?.$case === "response_delete_range" ? Number(response.value.deleted) : 0;
  }
}

/** A key to write, and its state when it was read. */
interface Write {
  readonly line: { readonly key: Binary; readonly value: Uint8Array };
  readonly current: KeyState | undefined;
}

/** Makes the condition that a key has not changed since a revision. Zero means that the key did not exist. */
function unchanged(key: Binary, since: bigint) {
  return {
    target: Compare_CompareTarget.MOD,
    result: Compare_CompareResult.EQUAL,
    key: fromBinary(key),
    target_union: { $case: "mod_revision", value: since },
  } as const;
}

type ChangeRequest =
  | { readonly $case: "request_put"; readonly value: PutFields }
  | { readonly $case: "request_delete_range"; readonly value: { readonly key: Uint8Array } };

interface PutFields {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly lease?: bigint;
  readonly ignore_lease?: boolean;
}
