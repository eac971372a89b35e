// Frames of a collection that several implementations share: their bytes, and what they hold or what is wrong with them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { frame, SERVER_PREFACE } from "./frame-bytes.js";
import { read } from "./frame-recorder.js";

const SOUND: Readonly<Record<string, string>> = {
  "0000140008000000020648656C6C6F2C20776F726C6421486F77647921": 'DATA 2 "Hello, world!" flow 20',
  "0000170700000000000000001E00000009687061636B2069732062726F6B656E": 'GOAWAY 30 COMPRESSION_ERROR "hpack is broken"',
  "00000D010400000001746869732069732064756D6D79": 'HEADERS 1 "this is dummy"',
  "000023012C00000003108000001409746869732069732064756D6D79546869732069732070616464696E672E":
    'HEADERS 3 "this is dummy"',
  "0000080600000000006465616462656566": 'PING "deadbeef"',
  "00000403000000000500000008": "RST_STREAM 5 CANCEL",
  "00000C040000000000000100002000000300001388": "SETTINGS 1=8192 3=5000",
  "000004080000000032000003E8": "WINDOW_UPDATE 50 1000",
};

for (const [wire, event] of Object.entries(SOUND)) {
  test(event, () => assert.deepEqual(events(wire), [event]));
}

test("PRIORITY is passed over", () => {
  assert.deepEqual(events("0000050200000000090000000B07"), []);
});

test("CONTINUATION belongs to HEADERS", () => {
  const headers = "000000010000000032";
  const last = "000000090400000032";
  assert.deepEqual(events(`${headers}00000D090000000032746869732069732064756D6D79${last}`), [
    'HEADERS 50 "this is dummy"',
  ]);
  assert.deepEqual(events(`${headers}000000090000000032${last}`), ['HEADERS 50 ""']);
});

test("a push is rejected, sound as it may be", () => {
  const [error] = events("000018050C0000000A060000000C746869732069732064756D6D79486F77647921");
  assert.match(error ?? "", /^error PROTOCOL_ERROR: PUSH_PROMISE/);
});

/** Frames that end the connection, with the codes that may be given for it. */
const MALFORMED: readonly (readonly [what: string, wire: string, codes: readonly string[]])[] = [
  ["DATA: padding", "00000400080000000104AAAAAA", ["PROTOCOL_ERROR"]],
  ["DATA: size", "0080000008000000020648656C6C6F2C20776F726C6421686F77647921", ["FRAME_SIZE_ERROR"]],
  ["DATA: stream", "000001000000000000AA", ["PROTOCOL_ERROR"]],
  ["GOAWAY: size", "00000407000000000000000002", ["FRAME_SIZE_ERROR"]],
  ["GOAWAY: stream", "0000080700000000010000000200000003", ["PROTOCOL_ERROR"]],
  ["HEADERS: padding", "00000401080000000104AAAAAA", ["PROTOCOL_ERROR"]],
  ["HEADERS: stream", "000001010000000000AA", ["PROTOCOL_ERROR"]],
  ["PING: size", "000004060000000000AAAAAAAA", ["FRAME_SIZE_ERROR"]],
  ["PING: stream", "000008060100000001AAAAAAAAAAAAAAAA", ["PROTOCOL_ERROR"]],
  ["PRIORITY: size", "00000802000000000280000001FFAAAAAA", ["FRAME_SIZE_ERROR"]],
  ["PRIORITY: stream", "000005020000000000AAAAAAAABB", ["PROTOCOL_ERROR"]],
  ["PUSH_PROMISE: padding", "00000405080000000104AAAAAA", ["PROTOCOL_ERROR", "FRAME_SIZE_ERROR"]],
  ["PUSH_PROMISE: odd stream promised", "00000405000000000100000001", ["PROTOCOL_ERROR"]],
  ["PUSH_PROMISE: stream 0 promised", "00000405000000000100000000", ["PROTOCOL_ERROR"]],
  ["PUSH_PROMISE: stream", "00000405000000000077777777", ["PROTOCOL_ERROR"]],
  ["RST_STREAM: size", "000008030000000002AAAAAAAABBBBBBBB", ["FRAME_SIZE_ERROR"]],
  ["RST_STREAM: stream", "000004030000000000AAAAAAAA", ["PROTOCOL_ERROR"]],
  ["SETTINGS: size of an acknowledgement", "000006040100000000AAAABBBBBBBB", ["FRAME_SIZE_ERROR"]],
  ["SETTINGS: size", "000008040000000000AAAABBBBBBBBCCCC", ["FRAME_SIZE_ERROR"]],
  ["SETTINGS: stream", "000006040000000001AAAABBBBBBBB", ["PROTOCOL_ERROR"]],
  ["WINDOW_UPDATE: increment", "00000408000000000100000000", ["PROTOCOL_ERROR"]],
  ["WINDOW_UPDATE: size", "0000020800000000015566", ["FRAME_SIZE_ERROR"]],
];

for (const [what, wire, codes] of MALFORMED) {
  test(`${what}: ${codes.join(" or ")}`, () => {
    const [error, ...others] = events(wire);
    assert.ok(
      codes.some((code) => error?.startsWith(`error ${code}: `)),
      error,
    );
    assert.deepEqual(others, []);
  });
}

function events(wire: string): string[] {
  const ping = frame(6, 1, 0, "the end!");
  const all = read([SERVER_PREFACE, Buffer.from(wire, "hex"), ping]).slice(1);
  return all.filter((event) => event !== 'PING ACK "the end!"');
}
