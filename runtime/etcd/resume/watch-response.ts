import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/*
 * etcd's WatchResponse on the wire. An answer is forwarded as it is; of its events only the last is looked into.
 */

const HEADER = 1;
const WATCH_ID = 2;
const CREATED = 3;
const CANCELED = 4;
const COMPACT_REVISION = 5;
const CANCEL_REASON = 6;
const FRAGMENT = 7;
const EVENTS = 11;

const HEADER_REVISION = 3;
const EVENT_KV = 2;
const KV_MOD_REVISION = 3;

const NO_BYTES = new Uint8Array();

/** What resumption has to know of a `WatchResponse`. */
export interface WatchNews {
  readonly watchId: bigint;
  /** The header's wire bytes. */
  readonly header: Uint8Array;
  /** The store's revision at the member that answered. */
  readonly headerRevision: bigint;
  readonly created: boolean;
  /** etcd 3.1 and 3.2 say only by `compactRevision` that a watch is over. */
  readonly canceled: boolean;
  readonly compactRevision: bigint;
  readonly cancelReason: string;
  /** More events follow, maybe of the same revision. */
  readonly fragment: boolean;
  /** The revision of the last event; `undefined` if there is none. */
  readonly lastRevision: bigint | undefined;
}

/**
 * Reads a `WatchResponse`.
 *
 * @throws Error for bytes that are no message.
 */
export function readWatchResponse(message: Uint8Array): WatchNews {
  const reader = new BinaryReader(message);
  const news: { -readonly [Name in keyof WatchNews]: WatchNews[Name] } = {
    watchId: 0n,
    header: NO_BYTES,
    headerRevision: 0n,
    created: false,
    canceled: false,
    compactRevision: 0n,
    cancelReason: "",
    fragment: false,
    lastRevision: undefined,
  };
  let lastEvent = -1;
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type === WireType.LengthDelimited) {
      const start = reader.pos;
      if (field === HEADER) {
        news.header = reader.bytes();
        news.headerRevision = readVarint(news.header, HEADER_REVISION);
      } else if (field === CANCEL_REASON) news.cancelReason = reader.string();
      else {
        if (field === EVENTS) lastEvent = start;
        // Skipping by the reader makes an object of each event.
        const length = reader.uint32();
        reader.pos += length;
      }
    } else if (type === WireType.Varint && field >= WATCH_ID && field <= FRAGMENT) {
      if (field === WATCH_ID) news.watchId = BigInt(reader.int64());
      else if (field === CREATED) news.created = reader.bool();
      else if (field === CANCELED) news.canceled = reader.bool();
      else if (field === COMPACT_REVISION) news.compactRevision = BigInt(reader.int64());
      else if (field === FRAGMENT) news.fragment = reader.bool();
      else reader.skip(type, field);
    } else {
      reader.skip(type, field);
    }
  }
  if (reader.pos > reader.len) throw new RangeError("the message is cut off");
  if (lastEvent >= 0) {
    reader.pos = lastEvent;
    news.lastRevision = revisionOf(reader.bytes());
  }
  if (news.compactRevision !== 0n) news.canceled = true;
  return news;
}

/** How many of a response's events are of a revision. */
export function countEvents(message: Uint8Array, revision: bigint): number {
  let count = 0;
  for (const { event } of fieldsOf(message)) if (event !== undefined && revisionOf(event) === revision) count += 1;
  return count;
}

/** A response without the first events of a revision, up to so many. */
export function dropEvents(
  message: Uint8Array,
  revision: bigint,
  most: number,
): { readonly message: Buffer; readonly dropped: number; readonly left: number } {
  const kept: Uint8Array[] = [];
  let dropped = 0;
  let left = 0;
  for (const { event, bytes } of fieldsOf(message)) {
    if (event !== undefined && dropped < most && revisionOf(event) === revision) {
      dropped += 1;
    } else {
      kept.push(bytes);
      if (event !== undefined) left += 1;
    }
  }
  return { message: Buffer.concat(kept), dropped, left };
}

/** A response with another watch's id, and on demand without the mark that the watch is a new one. */
export function withWatchId(message: Uint8Array, watchId: bigint, changes: { created?: false } = {}): Buffer {
  // Of a field that is there several times the last one counts.
  const writer = new BinaryWriter().raw(message).tag(WATCH_ID, WireType.Varint).int64(watchId);
  if (changes.created === false) writer.tag(CREATED, WireType.Varint).bool(false);
  return bufferOf(writer.finish());
}

/** Makes the response that tells the client that its watch is cancelled, with a header of another revision. */
export function cancelAnswer(header: Uint8Array, revision: bigint, watchId: bigint): Buffer {
  const writer = new BinaryWriter().tag(HEADER, WireType.LengthDelimited).fork().raw(header);
  writer.tag(HEADER_REVISION, WireType.Varint).int64(revision).join();
  writer.tag(WATCH_ID, WireType.Varint).int64(watchId).tag(CANCELED, WireType.Varint).bool(true);
  return bufferOf(writer.finish());
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function* fieldsOf(message: Uint8Array): Generator<{ readonly bytes: Uint8Array; readonly event?: Uint8Array }> {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const [field, type] = reader.tag();
    if (field === EVENTS && type === WireType.LengthDelimited) {
      const event = reader.bytes();
      yield { bytes: message.subarray(start, reader.pos), event };
    } else {
      reader.skip(type, field);
      yield { bytes: message.subarray(start, reader.pos) };
    }
  }
}

function revisionOf(event: Uint8Array): bigint {
  const reader = new BinaryReader(event);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === EVENT_KV && type === WireType.LengthDelimited) return readVarint(reader.bytes(), KV_MOD_REVISION);
    reader.skip(type, field);
  }
  throw new RangeError("an event without a key");
}

function readVarint(message: Uint8Array, number: number): bigint {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === number && type === WireType.Varint) return BigInt(reader.int64());
    reader.skip(type, field);
  }
  return 0n;
}
