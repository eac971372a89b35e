import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { WireScan } from "../wire-scan.js";

/*
 * Reads and changes etcd's WatchResponse on the wire. A response is forwarded unchanged, and only its last event is
 * read.
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

/**
 * The watch id of responses that concern no watch, or all of a stream. A client can nevertheless choose it for a watch,
 * as any other id except 0.
 */
export const NO_WATCH = -1n;

const NO_BYTES = new Uint8Array();

/** The parts of a `WatchResponse` that are needed to resume a watch. */
export interface WatchNews {
  readonly watchId: bigint;
  /** The wire bytes of the header if `created`, otherwise empty. */
  readonly header: Uint8Array;
  /** The revision of the store at the member that responded. */
  readonly headerRevision: bigint;
  readonly created: boolean;
  /** Whether the watch has ended. etcd 3.1 and 3.2 report that only by `compactRevision`. */
  readonly canceled: boolean;
  readonly compactRevision: bigint;
  readonly cancelReason: string;
  /** Whether more events follow, possibly of the same revision. */
  readonly fragment: boolean;
  /** The revision of the last event, or `undefined` if there are no events. */
  readonly lastRevision: bigint | undefined;
}

const scan = new WireScan();

/**
 * Reads a `WatchResponse`.
 *
 * @throws Error if the bytes are not a message.
 */
export function readWatchResponse(message: Uint8Array): WatchNews {
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
  let header = 0;
  let headerEnd = 0;
  let event = 0;
  let eventEnd = 0;
  scan.open(message, 0, message.length);
  while (scan.next()) {
    if (scan.type === WireType.LengthDelimited) {
      const end = scan.valueEnd();
      if (scan.field === EVENTS) {
        event = scan.at;
        eventEnd = end;
      } else if (scan.field === HEADER) {
        header = scan.at;
        headerEnd = end;
      } else if (scan.field === CANCEL_REASON) {
        news.cancelReason = Buffer.from(message.subarray(scan.at, end)).toString();
      }
      scan.at = end;
    } else if (scan.type !== WireType.Varint) scan.skip();
    else if (scan.field === WATCH_ID) news.watchId = scan.int64();
    else if (scan.field === CREATED) news.created = scan.bool();
    else if (scan.field === CANCELED) news.canceled = scan.bool();
    else if (scan.field === COMPACT_REVISION) news.compactRevision = scan.int64();
    else if (scan.field === FRAGMENT) news.fragment = scan.bool();
    else scan.skip();
  }
  if (news.compactRevision !== 0n) news.canceled = true;
  if (news.created) news.header = message.subarray(header, headerEnd);
  news.headerRevision = varintAt(message, header, headerEnd, HEADER_REVISION);
  if (eventEnd > 0) news.lastRevision = eventRevision(message, event, eventEnd);
  return news;
}

/** Whether a response is progress of the whole stream, or of a watch with the same id. They look the same. */
export function isStreamProgress({ watchId, created, canceled, lastRevision }: WatchNews): boolean {
  return watchId === NO_WATCH && !created && !canceled && lastRevision === undefined;
}

/** Returns the revision of the event between two offsets. */
function eventRevision(message: Uint8Array, start: number, end: number): bigint {
  scan.open(message, start, end);
  while (scan.next()) {
    if (scan.field === EVENT_KV && scan.type === WireType.LengthDelimited) {
      const kvEnd = scan.valueEnd();
      return varintAt(message, scan.at, kvEnd, KV_MOD_REVISION);
    }
    scan.skip();
  }
  throw new RangeError("the server sent a watch event without a key");
}

/** Returns the value of a field of the message between two offsets, or 0 if the field is missing. */
function varintAt(message: Uint8Array, start: number, end: number, field: number): bigint {
  scan.open(message, start, end);
  while (scan.next()) {
    if (scan.field === field && scan.type === WireType.Varint) return scan.int64();
    scan.skip();
  }
  return 0n;
}

/** Returns the number of events in a response that have a revision. */
export function countEvents(message: Uint8Array, revision: bigint): number {
  let count = 0;
  for (const { event } of fieldsOf(message))
    if (event !== undefined && eventRevision(event, 0, event.length) === revision) count += 1;
  return count;
}

/** Removes the first events with a revision from a response, at most `most` of them. */
export function dropEvents(
  message: Uint8Array,
  revision: bigint,
  most: number,
): { readonly message: Buffer; readonly dropped: number; readonly left: number } {
  const kept: Uint8Array[] = [];
  let dropped = 0;
  let left = 0;
  for (const { event, bytes } of fieldsOf(message)) {
    if (event !== undefined && dropped < most && eventRevision(event, 0, event.length) === revision) {
      dropped += 1;
    } else {
      kept.push(bytes);
      if (event !== undefined) left += 1;
    }
  }
  return { message: Buffer.concat(kept), dropped, left };
}

/** Returns the response with another watch id and, optionally, without the flag `created`. */
export function withWatchId(message: Uint8Array, watchId: bigint, changes: { created?: false } = {}): Buffer {
  // If a field occurs several times, the last value counts.
  const writer = new BinaryWriter().raw(message).tag(WATCH_ID, WireType.Varint).int64(watchId);
  if (changes.created === false) writer.tag(CREATED, WireType.Varint).bool(false);
  return bufferOf(writer.finish());
}

/** Makes the response that reports to the client that its watch is canceled. The header has another revision. */
export function cancelResponse(header: Uint8Array, revision: bigint, watchId: bigint): Buffer {
  const writer = new BinaryWriter().tag(HEADER, WireType.LengthDelimited).fork().raw(header);
  writer.tag(HEADER_REVISION, WireType.Varint).int64(revision).join();
  writer.tag(WATCH_ID, WireType.Varint).int64(watchId).tag(CANCELED, WireType.Varint).bool(true);
  return bufferOf(writer.finish());
}

/** Makes the response that reports to the client that the gateway rejects its watch. */
export function rejectedResponse(reason: string): Buffer {
  const writer = new BinaryWriter()
    .tag(WATCH_ID, WireType.Varint)
    .int64(NO_WATCH)
    .tag(CREATED, WireType.Varint)
    .bool(true);
  writer.tag(CANCELED, WireType.Varint).bool(true).tag(CANCEL_REASON, WireType.LengthDelimited).string(reason);
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
