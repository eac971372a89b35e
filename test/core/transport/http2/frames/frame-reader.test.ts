import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionError } from "../../../../../runtime/core/transport/http2/frames/connection-error.js";
import { ErrorCode } from "../../../../../runtime/core/transport/http2/frames/error-code.js";
import { Flag, FrameType } from "../../../../../runtime/core/transport/http2/frames/frame.js";
import { FrameReader } from "../../../../../runtime/core/transport/http2/frames/frame-reader.js";
import { frame, headersInPieces, padded, SERVER_PREFACE, uint32 } from "./frame-bytes.js";
import { FrameRecorder, LIMITS, read } from "./frame-recorder.js";

const { DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION } =
  FrameType;
const { ACK, END_STREAM, END_HEADERS, PADDED } = Flag;

/** Asserts what comes of frames behind the server's SETTINGS. */
function assertEvents(frames: readonly Buffer[], events: readonly string[]): void {
  assert.deepEqual(read([Buffer.concat([SERVER_PREFACE, ...frames])]), ["SETTINGS", ...events]);
}

test("each kind of frame", () => {
  assertEvents(
    [
      frame(DATA, 0, 1, "abc"),
      frame(DATA, END_STREAM, 1, ""),
      frame(HEADERS, END_HEADERS, 3, "block"),
      frame(HEADERS, END_HEADERS | END_STREAM, 3, "trailers"),
      frame(RST_STREAM, 0, 5, uint32(8)),
      frame(RST_STREAM, 0, 5, uint32(0xffff_ffff)),
      frame(SETTINGS, ACK, 0),
      frame(PING, 0, 0, "12345678"),
      frame(PING, ACK, 0, "12345678"),
      frame(GOAWAY, 0, 0, Buffer.concat([uint32(7), uint32(11), Buffer.from("too_many_pings")])),
      frame(WINDOW_UPDATE, 0, 0, uint32(0x7fff_ffff)),
      frame(WINDOW_UPDATE, 0, 9, uint32(1)),
    ],
    [
      'DATA 1 "abc" flow 3',
      'DATA 1 "" flow 0 END_STREAM',
      'HEADERS 3 "block"',
      'HEADERS 3 "trailers" END_STREAM',
      "RST_STREAM 5 CANCEL",
      "RST_STREAM 5 error code 4294967295",
      "SETTINGS ACK",
      'PING "12345678"',
      'PING ACK "12345678"',
      'GOAWAY 7 ENHANCE_YOUR_CALM "too_many_pings"',
      "WINDOW_UPDATE 0 2147483647",
      "WINDOW_UPDATE 9 1",
    ],
  );
});

test("reserved bits and flags that a type does not define mean nothing", () => {
  const reserved = 0x8000_0000;
  assertEvents(
    [
      frame(DATA, 0xf6, reserved + 1, "abc"),
      frame(PING, 0xfe, reserved, "12345678"),
      frame(WINDOW_UPDATE, 0xff, reserved + 1, uint32(reserved + 5)),
      frame(GOAWAY, 0xff, 0, Buffer.concat([uint32(reserved + 7), uint32(0)])),
    ],
    ['DATA 1 "abc" flow 3', 'PING "12345678"', "WINDOW_UPDATE 1 5", 'GOAWAY 7 NO_ERROR ""'],
  );
});

test("PRIORITY and unknown types are passed over", () => {
  assertEvents(
    [
      frame(PRIORITY, 0, 2, "12345"),
      frame(0xa, 0xff, 0, "alternative service"),
      frame(0xfa, 0xff, 12, Buffer.alloc(16_384)),
      frame(0xff, 0, 1),
      frame(PING, 0, 0, "12345678"),
    ],
    ['PING "12345678"'],
  );
});

test("padding is not data, but counts for flow control", () => {
  assertEvents(
    [
      frame(DATA, PADDED, 1, padded("abc", 4)),
      frame(DATA, PADDED | END_STREAM, 1, padded("abc", 0)),
      frame(DATA, PADDED, 1, padded("", 255)),
      frame(HEADERS, PADDED | END_HEADERS, 1, padded("abc", 4)),
      frame(HEADERS, PADDED | END_HEADERS | END_STREAM, 1, padded("", 4)),
    ],
    [
      'DATA 1 "abc" flow 8',
      'DATA 1 "abc" flow 4 END_STREAM',
      'DATA 1 "" flow 256',
      'HEADERS 1 "abc"',
      'HEADERS 1 "" END_STREAM',
    ],
  );
});

test("padding that is longer than its frame is rejected", () => {
  const error = (name: string): string => `error PROTOCOL_ERROR: ${name} with padding beyond its end`;
  assertEvents([frame(DATA, PADDED, 1, Buffer.of(4, 1, 2, 3))], [error("DATA")]);
  assertEvents([frame(DATA, PADDED, 1, Buffer.of(3, 1, 2, 3))], ['DATA 1 "" flow 4']);
  assertEvents([frame(DATA, PADDED, 1)], [error("DATA")]);
  assertEvents([frame(HEADERS, PADDED | END_HEADERS, 1, Buffer.of(4, 1, 2, 3))], [error("HEADERS")]);
  assertEvents([frame(HEADERS, PADDED | END_HEADERS, 1)], [error("HEADERS")]);
});

test("the priority in HEADERS is passed over", () => {
  const priority = Buffer.alloc(5, 0xff);
  assertEvents(
    [
      frame(HEADERS, Flag.PRIORITY | END_HEADERS, 1, Buffer.concat([priority, Buffer.from("abc")])),
      frame(HEADERS, Flag.PRIORITY | END_HEADERS, 1, priority),
      frame(HEADERS, Flag.PRIORITY | PADDED | END_HEADERS, 1, padded(Buffer.concat([priority, Buffer.of(0x61)]), 2)),
      frame(HEADERS, Flag.PRIORITY | END_HEADERS, 1, "1234"),
    ],
    ['HEADERS 1 "abc"', 'HEADERS 1 ""', 'HEADERS 1 "a"', "error PROTOCOL_ERROR: HEADERS with padding beyond its end"],
  );
});

test("a header block is joined from HEADERS and CONTINUATION", () => {
  assertEvents(
    [headersInPieces(1, END_STREAM, ["ab", "", "cd", "e"]), headersInPieces(3, 0, ["", "x"])],
    ['HEADERS 1 "abcde" END_STREAM', 'HEADERS 3 "x"'],
  );
});

test("nothing may be between HEADERS and its CONTINUATION", () => {
  const open = frame(HEADERS, 0, 1, "ab");
  for (const [other, name] of [
    [frame(DATA, 0, 1, "x"), "DATA on stream 1"],
    [frame(HEADERS, END_HEADERS, 1, "x"), "HEADERS on stream 1"],
    [frame(PRIORITY, 0, 1, "12345"), "PRIORITY on stream 1"],
    [frame(RST_STREAM, 0, 1, uint32(0)), "RST_STREAM on stream 1"],
    [frame(SETTINGS, 0, 0), "SETTINGS on stream 0"],
    [frame(PING, 0, 0, "12345678"), "PING on stream 0"],
    [frame(GOAWAY, 0, 0, "12345678"), "GOAWAY on stream 0"],
    [frame(WINDOW_UPDATE, 0, 1, uint32(1)), "WINDOW_UPDATE on stream 1"],
    [frame(0x42, 0, 1), "a frame of type 66 on stream 1"],
    [frame(CONTINUATION, END_HEADERS, 3, "cd"), "CONTINUATION on stream 3"],
  ] as const) {
    assertEvents([open, other], [`error PROTOCOL_ERROR: ${name} in the header block of stream 1`]);
  }
});

test("CONTINUATION without HEADERS is rejected", () => {
  const error = "error PROTOCOL_ERROR: CONTINUATION on stream 1 outside a header block";
  assertEvents([frame(CONTINUATION, END_HEADERS, 1, "ab")], [error]);
  assertEvents(
    [headersInPieces(1, 0, ["ab", "cd"]), frame(CONTINUATION, END_HEADERS, 1, "ef")],
    ['HEADERS 1 "abcd"', error],
  );
});

test("CONTINUATION frames are bounded in number, be they empty", () => {
  const pieces = ["a", ...Array.from({ length: 63 }, () => ""), "b"];
  assertEvents([headersInPieces(1, 0, pieces)], ['HEADERS 1 "ab"']);
  assertEvents(
    [headersInPieces(1, 0, [...pieces, ""])],
    ["error ENHANCE_YOUR_CALM: a header block of more than 64 CONTINUATION frames"],
  );
  assertEvents([headersInPieces(1, 0, pieces), headersInPieces(1, 0, pieces)], ['HEADERS 1 "ab"', 'HEADERS 1 "ab"']);
});

test("a header block is bounded in size, before its bytes are there", () => {
  const error = "error ENHANCE_YOUR_CALM: a header block of more than 10 bytes";
  const limits = { maxFrameSize: 16_384, maxHeaderBlockSize: 10 };
  const events = (...frames: Buffer[]): string[] => read([SERVER_PREFACE, ...frames], limits).slice(1);
  assert.deepEqual(events(headersInPieces(1, 0, ["12345", "67890"])), ['HEADERS 1 "1234567890"']);
  assert.deepEqual(events(frame(HEADERS, 0, 1, "", 11)), [error]);
  assert.deepEqual(events(frame(HEADERS, 0, 1, "12345"), frame(CONTINUATION, 0, 1, "", 6)), [error]);
  // One block's size is nothing to the next one.
  assert.deepEqual(events(headersInPieces(1, 0, ["12345", "67890"]), frame(HEADERS, END_HEADERS, 1, "1234567890")), [
    'HEADERS 1 "1234567890"',
    'HEADERS 1 "1234567890"',
  ]);
});

test("frames whose type belongs to streams, or to the connection, are rejected elsewhere", () => {
  for (const [name, bytes] of [
    ["DATA on stream 0", frame(DATA, 0, 0, "x")],
    ["HEADERS on stream 0", frame(HEADERS, END_HEADERS, 0, "x")],
    ["PRIORITY on stream 0", frame(PRIORITY, 0, 0, "12345")],
    ["RST_STREAM on stream 0", frame(RST_STREAM, 0, 0, uint32(0))],
    ["SETTINGS on stream 1", frame(SETTINGS, 0, 1)],
    ["PUSH_PROMISE on stream 0", frame(PUSH_PROMISE, END_HEADERS, 0, uint32(2))],
    ["PING on stream 1", frame(PING, 0, 1, "12345678")],
    ["GOAWAY on stream 1", frame(GOAWAY, 0, 1, "12345678")],
    ["CONTINUATION on stream 0", frame(CONTINUATION, END_HEADERS, 0, "x")],
  ] as const) {
    assertEvents([bytes], [`error PROTOCOL_ERROR: ${name}`]);
  }
});

test("sizes that a type does not allow are rejected, before the payload is there", () => {
  for (const [name, type, flags, streamId, lengths] of [
    ["PRIORITY", PRIORITY, 0, 1, [0, 4, 6]],
    ["RST_STREAM", RST_STREAM, 0, 1, [0, 3, 5, 8]],
    ["SETTINGS", SETTINGS, 0, 0, [1, 5, 7, 16_384]],
    ["SETTINGS", SETTINGS, ACK, 0, [1, 6]],
    ["PING", PING, 0, 0, [0, 7, 9]],
    ["PING", PING, ACK, 0, [0, 7, 9]],
    ["GOAWAY", GOAWAY, 0, 0, [0, 7]],
    ["WINDOW_UPDATE", WINDOW_UPDATE, 0, 0, [0, 3, 5]],
    ["WINDOW_UPDATE", WINDOW_UPDATE, 0, 1, [0, 3, 5]],
  ] as const) {
    for (const length of lengths) {
      assertEvents([frame(type, flags, streamId, "", length)], [`error FRAME_SIZE_ERROR: ${name} of ${length} bytes`]);
    }
  }
});

test("a frame is no larger than our SETTINGS_MAX_FRAME_SIZE", () => {
  for (const [type, name] of [
    [DATA, "DATA"],
    [HEADERS, "HEADERS"],
    [0x42, "a frame of type 66"],
  ] as const) {
    const error = `error FRAME_SIZE_ERROR: ${name} of 16385 bytes, beyond SETTINGS_MAX_FRAME_SIZE of 16384`;
    assertEvents([frame(type, 0, 1, "", 16_385)], [error]);
    assertEvents([frame(type, 0, 1, "", 16_384)], []);
  }
});

test("a WINDOW_UPDATE of 0 is rejected", () => {
  assertEvents([frame(WINDOW_UPDATE, 0, 0, uint32(0))], ["error PROTOCOL_ERROR: WINDOW_UPDATE of 0 on stream 0"]);
  assertEvents([frame(WINDOW_UPDATE, 0, 1, uint32(0))], ["error PROTOCOL_ERROR: WINDOW_UPDATE of 0 on stream 1"]);
  assertEvents(
    [frame(WINDOW_UPDATE, 0, 1, uint32(0x8000_0000))],
    ["error PROTOCOL_ERROR: WINDOW_UPDATE of 0 on stream 1"],
  );
});

test("PUSH_PROMISE is rejected", () => {
  const error = "error PROTOCOL_ERROR: PUSH_PROMISE, although SETTINGS_ENABLE_PUSH is 0";
  assertEvents([frame(PUSH_PROMISE, END_HEADERS, 1, uint32(2))], [error]);
  assertEvents([frame(PUSH_PROMISE, 0, 1, "", 100)], [error]);
});

test("settings are handed out in order, without unknown ones", () => {
  const payload = Buffer.from(
    `000100001000 000200000000 000300000064 00047fffffff 000500004000 0006ffffffff
     000800000001 ffff00000001 000100000000 000500ffffff`.replaceAll(/\s/g, ""),
    "hex",
  );
  assertEvents(
    [frame(SETTINGS, 0, 0, payload)],
    ["SETTINGS 1=4096 2=0 3=100 4=2147483647 5=16384 6=4294967295 1=0 5=16777215"],
  );
});

test("settings beyond their ranges are rejected", () => {
  for (const [setting, error] of [
    ["000200000001", "PROTOCOL_ERROR: SETTINGS_ENABLE_PUSH of 1 from a server"],
    ["000200000002", "PROTOCOL_ERROR: SETTINGS_ENABLE_PUSH of 2 from a server"],
    ["000480000000", "FLOW_CONTROL_ERROR: SETTINGS_INITIAL_WINDOW_SIZE of 2147483648"],
    ["000500003fff", "PROTOCOL_ERROR: SETTINGS_MAX_FRAME_SIZE of 16383"],
    ["000501000000", "PROTOCOL_ERROR: SETTINGS_MAX_FRAME_SIZE of 16777216"],
  ] as const) {
    assertEvents([frame(SETTINGS, 0, 0, Buffer.from(setting, "hex"))], [`error ${error}`]);
  }
});

test("a server begins with SETTINGS", () => {
  assert.deepEqual(read([frame(SETTINGS, 0, 0, Buffer.from("000300000064", "hex"))]), ["SETTINGS 3=100"]);
  const error = (name: string): string => `error PROTOCOL_ERROR: ${name} as the first frame: expected SETTINGS`;
  assert.deepEqual(read([frame(SETTINGS, ACK, 0)]), [error("SETTINGS")]);
  assert.deepEqual(read([frame(PING, 0, 0, "12345678")]), [error("PING")]);
  assert.deepEqual(read([Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")]), [error("a frame of type 80")]);
});

test("an error of the handler passes through", () => {
  const recorder = new FrameRecorder();
  recorder.onPing = () => {
    throw new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, "too many pings");
  };
  const reader = new FrameReader(recorder, LIMITS);
  reader.read(SERVER_PREFACE);
  assert.throws(() => reader.read(Buffer.concat([frame(PING, 0, 0, "12345678"), frame(PING, ACK, 0, "12345678")])), {
    code: ErrorCode.ENHANCE_YOUR_CALM,
    message: "too many pings",
  });
  assert.deepEqual(recorder.events, ["SETTINGS"]);
});
