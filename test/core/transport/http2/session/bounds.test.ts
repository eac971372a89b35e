// What a hostile or broken server may send: one stream or the connection ends, with the right code and a name for it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Flag, FrameType } from "../../../../../runtime/core/transport/http2/frames/frame.js";
import { frame, headersInPieces } from "../frames/frame-bytes.js";
import { data, headers, PING, reset, SessionUnderTest, settings, windowUpdate } from "./session-under-test.js";

const OK = [":status: 200"];

const malformed: Readonly<Record<string, { readonly bytes: Buffer; readonly message: RegExp }>> = {
  "a field name in upper case": { bytes: headers(1, [...OK, "X-Upper: a"]), message: /upper case/ },
  "a field name with a space": { bytes: headers(1, [...OK, "x y: a"]), message: /malformed field name/ },
  "an empty field name": { bytes: headers(1, [...OK, ": a"]), message: /out of place|malformed field name/ },
  "a value with a line break": { bytes: headers(1, [...OK, "x: a\r\nb"]), message: /malformed value of the field x/ },
  "a value with a zero byte": { bytes: headers(1, [...OK, "x: a\0"]), message: /malformed value of the field x/ },
  "no status": { bytes: headers(1, ["x: a"]), message: /no :status/ },
  "a status that is no number": { bytes: headers(1, [":status: ok"]), message: /not a number with three digits/ },
  "the status 101": { bytes: headers(1, [":status: 101"]), message: /101/ },
  "a pseudo-header behind a field": { bytes: headers(1, ["x: a", ":status: 200"]), message: /out of place/ },
  "another pseudo-header": { bytes: headers(1, [...OK, ":path: /"]), message: /out of place/ },
  "a status in trailers": { bytes: Buffer.concat([headers(1, OK), headers(1, OK, true)]), message: /in trailers/ },
  "trailers before the end": { bytes: Buffer.concat([headers(1, OK), headers(1, ["x: a"])]), message: /do not end/ },
  "a field of HTTP/1": {
    bytes: headers(1, [...OK, "connection: close"]),
    message: /connection, which belongs to HTTP/,
  },
  "an interim response that ends": { bytes: headers(1, [":status: 100"], true), message: /interim/ },
  "data before headers": { bytes: data(1, 1), message: /DATA before HEADERS/ },
  "fields that are too large": {
    bytes: headers(1, [...OK, ...Array.from({ length: 300 }, () => "x: y")]),
    message: /too large/,
  },
};
for (const [what, { bytes, message }] of Object.entries(malformed)) {
  it(`${what} ends the stream, and no other`, () => {
    const peer = new SessionUnderTest();
    const [stream, other] = [peer.open(), peer.open()];
    peer.sent();
    peer.receive(bytes);
    assert.match(stream.events.at(-1) ?? "", /^error PROTOCOL_ERROR: /);
    assert.match(stream.events.at(-1) ?? "", message);
    assert.deepEqual(peer.sent(), ["RST_STREAM 1 PROTOCOL_ERROR"]);
    peer.receive(bytes);
    peer.receive(headers(3, OK, true));
    assert.deepEqual(other.events, ["200 END_STREAM", "end"]);
  });
}

const fatal: Readonly<Record<string, { readonly bytes: Buffer; readonly code: string; readonly message: RegExp }>> = {
  "headers on a stream that is not open": {
    bytes: headers(7, OK),
    code: "PROTOCOL_ERROR",
    message: /HEADERS on stream 7/,
  },
  "data on a stream that is not open": { bytes: data(7, 1), code: "PROTOCOL_ERROR", message: /DATA on stream 7/ },
  "a reset of a stream that is not open": {
    bytes: reset(7, 8),
    code: "PROTOCOL_ERROR",
    message: /RST_STREAM on stream 7/,
  },
  "a window of a stream that is not open": {
    bytes: windowUpdate(7, 1),
    code: "PROTOCOL_ERROR",
    message: /WINDOW_UPDATE on stream 7/,
  },
  "headers on an even stream": { bytes: headers(2, OK), code: "PROTOCOL_ERROR", message: /HEADERS on stream 2/ },
  "a push": {
    bytes: frame(FrameType.PUSH_PROMISE, Flag.END_HEADERS, 1, Buffer.alloc(5)),
    code: "PROTOCOL_ERROR",
    message: /PUSH_PROMISE/,
  },
  "a header block that cannot be decoded": {
    bytes: frame(FrameType.HEADERS, Flag.END_HEADERS, 1, Buffer.alloc(9, 0xff)),
    code: "COMPRESSION_ERROR",
    message: /malformed header block/,
  },
  "a header block that cannot be decoded, on a stream that is closed": {
    bytes: Buffer.concat([headers(1, OK, true), frame(FrameType.HEADERS, Flag.END_HEADERS, 1, Buffer.alloc(9, 0xff))]),
    code: "COMPRESSION_ERROR",
    message: /malformed header block/,
  },
  "a frame of many settings": {
    bytes: settings(...Array.from({ length: 33 }, (_, i) => [i + 10, 1] as const)),
    code: "ENHANCE_YOUR_CALM",
    message: /SETTINGS with 33 parameters, but 32 are the most/,
  },
  "a header block without end": {
    bytes: headersInPieces(
      1,
      0,
      Array.from({ length: 100 }, () => ""),
    ),
    code: "ENHANCE_YOUR_CALM",
    message: /CONTINUATION/,
  },
  "a header block that is too long": {
    bytes: headersInPieces(1, 0, [Buffer.alloc(16_384), Buffer.alloc(16_384), Buffer.alloc(1)]),
    code: "ENHANCE_YOUR_CALM",
    message: /a header block of more than 32768 bytes/,
  },
};
for (const [what, { bytes, code, message }] of Object.entries(fatal)) {
  it(`${what} ends the connection`, () => {
    const peer = new SessionUnderTest();
    peer.open();
    peer.sent();
    peer.receive(bytes);
    assert.match(peer.events.at(-1) ?? "", message);
    assert.match(peer.sent().at(-1) ?? "", new RegExp(`^GOAWAY 0 ${code} `));
    assert.equal(peer.session.streamCount, 0);
    peer.receive(bytes);
    assert.deepEqual(peer.sent(), []);
  });
}

it("a header block that is too long within reason ends the stream alone, and the tables follow it", () => {
  const peer = new SessionUnderTest();
  const [stream, other] = [peer.open(), peer.open()];
  peer.sent();
  // :status 200, a literal of 15,000 bytes, and a literal with incremental indexing, x-last: a.
  const long = Buffer.concat([Buffer.from([0x88, 0x00, 1, 0x78, 0x7f, 0x99, 0x74]), Buffer.alloc(15_000, 0x79)]);
  const last = Buffer.from([0x40, 6, ...Buffer.from("x-last"), 1, 0x61]);
  peer.receive(headersInPieces(1, 0, [long, last]));
  assert.deepEqual(stream.events, ["error PROTOCOL_ERROR: the header fields are too large"]);
  assert.deepEqual(peer.sent(), ["RST_STREAM 1 PROTOCOL_ERROR"]);
  peer.receive(frame(FrameType.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, 3, Buffer.of(0x88, 0x80 | 62)));
  assert.deepEqual(other.events, ["200 END_STREAM", "end"]);
  assert.deepEqual(other.fields?.fields, [{ name: "x-last", value: "a" }]);
});

describe("frames without effect", () => {
  const floods: Readonly<Record<string, Buffer>> = {
    pings: PING,
    settings: settings(),
    "acknowledgements of settings": frame(FrameType.SETTINGS, Flag.ACK, 0),
    "answers to pings": frame(FrameType.PING, Flag.ACK, 0, "12345678"),
    "empty data": data(1, 0),
    "windows that nobody needs": windowUpdate(1, 1),
    "interim headers": headers(1, [":status: 103"]),
    "headers of a closed stream": headers(3, [":status: 200"]),
    "empty data of a closed stream": data(3, 0),
    "resets of a closed stream": reset(3, 8),
    priorities: frame(FrameType.PRIORITY, 0, 1, Buffer.alloc(5)),
    "frames of unknown types": frame(0xfa, 0, 0, "anything"),
  };
  for (const [what, bytes] of Object.entries(floods)) {
    it(`are tolerated up to 10,000, and one more ends the connection: ${what}`, () => {
      const peer = new SessionUnderTest();
      const stream = peer.open();
      peer.session.reset(peer.open(), 8);
      if (what === "empty data") peer.receive(headers(1, OK));
      const thousand = Buffer.concat(Array.from({ length: 1_000 }, () => bytes));
      for (let i = 0; i < 9; i++) peer.receive(thousand);
      peer.session.take();
      assert.doesNotMatch(stream.events.join(), /lost/);
      peer.receive(thousand, bytes, bytes);
      assert.match(peer.events.at(-1) ?? "", /^closed: more than 10000 frames without effect/);
      assert.match(stream.events.at(-1) ?? "", /^lost, sent: yes/);
    });
  }

  it("count from the last one on that was of use", () => {
    const peer = new SessionUnderTest();
    const stream = peer.open();
    peer.receive(headers(1, OK));
    const pings = Buffer.concat(Array.from({ length: 9_000 }, () => PING));
    for (let i = 0; i < 5; i++) {
      peer.receive(pings, data(1, 1));
      peer.session.take();
    }
    assert.equal(stream.received, 5);
  });

  it("do not count while messages are sent: a server in Go responds to each with a ping and a window", () => {
    const peer = new SessionUnderTest();
    const stream = peer.openHalf();
    for (let i = 0; i < 11_000; i++) {
      peer.send(stream, 1, false);
      peer.receive(PING, windowUpdate(1, 1), windowUpdate(0, 1));
      peer.session.take();
    }
    assert.deepEqual(stream.events, []);
  });

  it("count while a large request is sent only if nothing goes out by them", () => {
    const peer = new SessionUnderTest();
    peer.receive(settings([4, 0]));
    const stream = peer.openHalf();
    peer.send(stream, 30_000, true);
    for (let i = 0; i < 30_000; i++) {
      peer.receive(windowUpdate(1, 1));
      peer.session.take();
    }
    assert.deepEqual(stream.events, ["sent"]);
  });
});

it("of one setting many times in a frame the last counts, and the streams are looked at once", () => {
  const peer = new SessionUnderTest();
  let looks = 0;
  const stream = peer.openHalf();
  let window = stream.sendWindow;
  Object.defineProperty(stream, "sendWindow", {
    get: () => window,
    set: (value: number) => {
      looks += 1;
      window = value;
    },
  });
  peer.receive(settings(...Array.from({ length: 32 }, (_, i): [number, number] => [4, i])));
  assert.equal(window, 31);
  assert.equal(looks, 1);
});

it("acknowledgements that the server does not read are bounded", () => {
  for (const bytes of [PING, settings()]) {
    const peer = new SessionUnderTest();
    peer.session.setBlocked(true);
    for (let i = 0; i < 1_000; i++) peer.receive(bytes);
    assert.equal(peer.session.isOpen, true);
    peer.receive(bytes);
    assert.match(peer.events.at(-1) ?? "", /^closed: more than 1000 unread acknowledgements of (PING|SETTINGS)/);
  }
});

it("acknowledgements count anew when the server reads", () => {
  const peer = new SessionUnderTest();
  for (let i = 0; i < 3; i++) {
    peer.session.setBlocked(true);
    for (let j = 0; j < 900; j++) peer.receive(PING);
    peer.session.setBlocked(false);
  }
  assert.equal(peer.session.isOpen, true);
});
