import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/*
 * Reads and changes etcd's WatchRequest on the wire. The bytes are not decoded into a message and encoded again, so
 * that fields that this code does not know remain unchanged.
 */

const CREATE = 1;
const CANCEL = 2;
const PROGRESS = 3;

/** The field numbers of WatchCreateRequest. */
const KEY = 1;
const START_REVISION = 3;
const PROGRESS_NOTIFY = 4;
const WATCH_ID = 7;

/** A `WatchCreateRequest`. */
export interface WatchCreate {
  /** Its wire bytes. */
  readonly bytes: Uint8Array;
  readonly key: Uint8Array;
  /** The start revision, or 0 for the changes after the watch has started. */
  readonly startRevision: bigint;
  readonly progressNotify: boolean;
  /** The requested id, or 0 if the server chooses it. */
  readonly watchId: bigint;
}

/**
 * The action that a `WatchRequest` asks for. `none` is an empty request, of which etcd takes no notice. `other` may have
 * an action that is newer than this gateway. It is forwarded, and etcd ignores it if it does not know it either.
 */
export type WatchAction =
  | { readonly type: "create"; readonly create: WatchCreate }
  | { readonly type: "cancel"; readonly watchId: bigint }
  | { readonly type: "progress" }
  | { readonly type: "none" }
  | { readonly type: "other" };

/**
 * Reads a `WatchRequest`.
 *
 * @throws Error if the bytes are not a message.
 */
export function readWatchRequest(message: Uint8Array): WatchAction {
  const reader = new BinaryReader(message);
  let action: WatchAction = { type: message.length === 0 ? "none" : "other" };
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type !== WireType.LengthDelimited) reader.skip(type, field);
    else if (field === CREATE) action = { type: "create", create: readCreate(reader.bytes()) };
    else if (field === CANCEL) action = { type: "cancel", watchId: readCancel(reader.bytes()) };
    else {
      if (field === PROGRESS) action = { type: "progress" };
      reader.skip(type, field);
    }
  }
  return action;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

function readCreate(bytes: Uint8Array): WatchCreate {
  const reader = new BinaryReader(bytes);
  const create: Mutable<WatchCreate> = {
    bytes,
    key: new Uint8Array(),
    startRevision: 0n,
    progressNotify: false,
    watchId: 0n,
  };
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === KEY && type === WireType.LengthDelimited) create.key = reader.bytes();
    else if (field === START_REVISION && type === WireType.Varint) create.startRevision = BigInt(reader.int64());
    else if (field === PROGRESS_NOTIFY && type === WireType.Varint) create.progressNotify = reader.bool();
    else if (field === WATCH_ID && type === WireType.Varint) create.watchId = BigInt(reader.int64());
    else reader.skip(type, field);
  }
  return create;
}

function readCancel(bytes: Uint8Array): bigint {
  const reader = new BinaryReader(bytes);
  let watchId = 0n;
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1 && type === WireType.Varint) watchId = BigInt(reader.int64());
    else reader.skip(type, field);
  }
  return watchId;
}

/** Makes the `WatchRequest` that creates a watch, with some fields changed. */
export function createRequest(
  create: WatchCreate,
  changes: { readonly startRevision?: bigint; readonly progressNotify?: boolean; readonly watchId?: bigint },
): Uint8Array {
  const { startRevision, progressNotify, watchId } = changes;
  // If a field occurs several times, the last value counts.
  const writer = new BinaryWriter().tag(CREATE, WireType.LengthDelimited).fork().raw(create.bytes);
  if (startRevision !== undefined) writer.tag(START_REVISION, WireType.Varint).int64(startRevision);
  if (progressNotify !== undefined) writer.tag(PROGRESS_NOTIFY, WireType.Varint).bool(progressNotify);
  if (watchId !== undefined) writer.tag(WATCH_ID, WireType.Varint).int64(watchId);
  return writer.join().finish();
}

/** Makes the `WatchRequest` that cancels a watch. */
export function cancelRequest(watchId: bigint): Uint8Array {
  return new BinaryWriter()
    .tag(CANCEL, WireType.LengthDelimited)
    .fork()
    .tag(1, WireType.Varint)
    .int64(watchId)
    .join()
    .finish();
}

/** Makes the `WatchRequest` that asks for progress. */
export function progressRequest(): Uint8Array {
  return new BinaryWriter().tag(PROGRESS, WireType.LengthDelimited).fork().join().finish();
}
