// How frames lie in the chunks of a socket makes no difference.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Flag, FrameType } from "../../../../../runtime/core/transport/http2/frames/frame.js";
import { FrameReader } from "../../../../../runtime/core/transport/http2/frames/frame-reader.js";
import { frame, headersInPieces, padded, SERVER_PREFACE, uint32 } from "./frame-bytes.js";
import { FrameRecorder, LIMITS, read } from "./frame-recorder.js";

const ALL_KINDS = Buffer.concat([
  SERVER_PREFACE,
  frame(FrameType.SETTINGS, 0, 0, Buffer.from("000300000064000400010000", "hex")),
  frame(FrameType.SETTINGS, Flag.ACK, 0),
  frame(FrameType.HEADERS, Flag.END_HEADERS, 1, "block"),
  headersInPieces(3, Flag.END_STREAM, ["one ", "", "and two"]),
  frame(FrameType.DATA, 0, 1, "some data"),
  frame(FrameType.DATA, Flag.PADDED, 1, padded("more data", 7)),
  frame(FrameType.DATA, Flag.PADDED, 1, padded("", 5)),
  frame(FrameType.DATA, 0, 1),
  frame(FrameType.PRIORITY, 0, 1, "12345"),
  frame(0x42, 0, 0, "unknown"),
  frame(FrameType.DATA, Flag.PADDED | Flag.END_STREAM, 1, padded("last data", 3)),
  frame(FrameType.WINDOW_UPDATE, 0, 0, uint32(1000)),
  frame(FrameType.RST_STREAM, 0, 3, uint32(8)),
  frame(FrameType.PING, 0, 0, "12345678"),
  frame(FrameType.PING, Flag.ACK, 0, "abcdefgh"),
  frame(FrameType.GOAWAY, 0, 0, Buffer.concat([uint32(3), uint32(0), Buffer.from("bye")])),
]);

const WHOLE = [
  "SETTINGS",
  "SETTINGS 3=100 4=65536",
  "SETTINGS ACK",
  'HEADERS 1 "block"',
  'HEADERS 3 "one and two" END_STREAM',
  'DATA 1 "some datamore data" flow 31 END_STREAM',
  "WINDOW_UPDATE 0 1000",
  "RST_STREAM 3 CANCEL",
  'PING "12345678"',
  'PING ACK "abcdefgh"',
  'GOAWAY 3 NO_ERROR "bye"',
];

test("in one chunk", () => {
  const events = read([ALL_KINDS]);
  assert.deepEqual(events.slice(5, 10), [
    'DATA 1 "some data" flow 9',
    'DATA 1 "more data" flow 17',
    'DATA 1 "" flow 6',
    'DATA 1 "" flow 0',
    'DATA 1 "last data" flow 13 END_STREAM',
  ]);
  assert.equal(events.length, 15);
});

test("in chunks of any one size", () => {
  for (let size = 1; size <= ALL_KINDS.length; size++) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < ALL_KINDS.length; at += size) chunks.push(ALL_KINDS.subarray(at, at + size));
    assertWhole(chunks);
  }
});

test("in two chunks, wherever they meet, and with empty ones", () => {
  for (let at = 0; at <= ALL_KINDS.length; at++) {
    assertWhole([Buffer.alloc(0), ALL_KINDS.subarray(0, at), Buffer.alloc(0), ALL_KINDS.subarray(at)]);
  }
});

function assertWhole(chunks: readonly Buffer[]): void {
  const data = 'DATA 1 "some datamore datalast data" flow 45 END_STREAM';
  assert.deepEqual(joined(read(chunks)), [...WHOLE.slice(0, 5), data, ...WHOLE.slice(6)]);
}

test("padding that is cut off counts when all of it is there", () => {
  const bytes = frame(FrameType.DATA, Flag.PADDED, 1, padded("abc", 4));
  const pieces = (...ends: number[]): string[] =>
    read([SERVER_PREFACE, ...ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end))]).slice(1);
  assert.deepEqual(pieces(9, 10, 15, 17), ['DATA 1 "abc" flow 4', 'DATA 1 "" flow 4']);
  assert.deepEqual(pieces(11, 15, 16), ['DATA 1 "a" flow 2', 'DATA 1 "bc" flow 2']);
});

const kind = fc.constantFrom(...Object.values(FrameType), 0x42);

/** A frame that may be sound or not. */
const anyFrame = fc
  .record({
    kind,
    flags: fc.constantFrom(0, 0, 1, 4, 5, 8, 0x20, 0x2c, 0xff),
    streamId: fc.constantFrom(0, 1, 1, 3, 0x8000_0001),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom(4, 5, 8, 12).chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
    ),
    wrongLength: fc.option(fc.nat(60), { freq: 20 }),
  })
  .map(({ kind, flags, streamId, payload, wrongLength }) =>
    frame(kind, flags, streamId, payload, wrongLength ?? undefined),
  );

/** A frame that is sound on its own. */
const soundFrame = fc.constantFrom(
  ...[
    frame(FrameType.SETTINGS, 0, 0, Buffer.from("000300000064", "hex")),
    frame(FrameType.HEADERS, Flag.END_HEADERS, 1, "block"),
    headersInPieces(3, 0, ["one ", "", "and two"]),
    frame(FrameType.DATA, 0, 1, "some data"),
    frame(FrameType.DATA, Flag.PADDED, 1, padded("more data", 7)),
    frame(FrameType.DATA, Flag.PADDED | Flag.END_STREAM, 1, padded("", 3)),
    frame(FrameType.PING, 0, 0, "12345678"),
    frame(FrameType.WINDOW_UPDATE, 0, 0, uint32(1000)),
    frame(0x42, 0, 0, "unknown"),
  ],
);

/** Bytes as they are, or with one of them changed. */
const mutated = (bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc.tuple(bytes, fc.option(fc.tuple(fc.nat(), fc.nat(255)), { freq: 3 })).map(([original, change]) => {
    if (change === null || original.length === 0) return original;
    const copy = Buffer.from(original);
    copy[change[0] % copy.length] = change[1];
    return copy;
  });

const anyBytes = mutated(
  fc.array(fc.oneof({ weight: 4, arbitrary: soundFrame }, anyFrame), { maxLength: 8 }).map(Buffer.concat),
);

test("any bytes give the same events in any chunks, and an error of the connection at worst", () => {
  const outcomes = { sound: 0, errors: 0 };
  fc.assert(
    fc.property(anyBytes, fc.array(fc.nat(), { maxLength: 20 }), (bytes, cuts) => {
      const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
        (a, b) => a - b,
      );
      const chunks = places.map((place, i) => bytes.subarray(place, places[i + 1] ?? bytes.length));
      const events = joined(read([SERVER_PREFACE, bytes]));
      assert.deepEqual(joined(read([SERVER_PREFACE, ...chunks])), events);
      if (events.at(-1)?.startsWith("error") === true) outcomes.errors++;
      else outcomes.sound++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(outcomes.sound > 300 && outcomes.errors > 300, JSON.stringify(outcomes));
});

test("no byte of a DATA frame is copied, however large it is", () => {
  const limits = { ...LIMITS, maxFrameSize: 0xff_ffff };
  const recorder = new FrameRecorder();
  const reader = new FrameReader(recorder, limits);
  const chunk = Buffer.alloc(65_536, "x");
  let size = 0;
  let endsStream = false;
  recorder.onData = (_streamId, bytes, flowSize, endStream) => {
    assert.equal(bytes.buffer, chunk.buffer);
    assert.equal(bytes.length, flowSize);
    size += flowSize;
    endsStream = endStream;
  };
  reader.read(SERVER_PREFACE);
  reader.read(frame(FrameType.DATA, Flag.END_STREAM, 1, "", 0xff_ffff));
  for (let left = 0xff_ffff; left > 0; left -= chunk.length) reader.read(chunk.subarray(0, left));
  assert.equal(size, 0xff_ffff);
  assert.ok(endsStream);
});

test("what lies in one chunk is handed out as views of it", () => {
  const chunk = Buffer.allocUnsafeSlow(ALL_KINDS.length);
  ALL_KINDS.copy(chunk);
  const recorder = new FrameRecorder();
  const views: Buffer[] = [];
  recorder.onPing = (opaque) => void views.push(opaque);
  recorder.onHeaders = (_streamId, block) => void views.push(block);
  recorder.onGoaway = (_lastStreamId, _code, debug) => void views.push(debug);
  new FrameReader(recorder, LIMITS).read(chunk);
  // The block in three pieces is the one that had to be joined.
  assert.deepEqual(
    views.map(({ buffer }) => buffer === chunk.buffer),
    [true, false, true, true],
  );
});

/** Events with the pieces of data that follow each other on a stream as one. */
function joined(events: readonly string[]): string[] {
  const whole: string[] = [];
  for (const event of events) {
    const previous = DATA.exec(whole.at(-1) ?? "");
    const next = DATA.exec(event);
    if (previous !== null && next !== null && previous[1] === next[1] && previous[4] === "") {
      const flow = Number(previous[3]) + Number(next[3]);
      whole[whole.length - 1] = `DATA ${next[1]} "${previous[2]}${next[2]}" flow ${flow}${next[4]}`;
    } else {
      whole.push(event);
    }
  }
  return whole;
}

const DATA = /^DATA (\d+) "(.*)" flow (\d+)(| END_STREAM)$/;
